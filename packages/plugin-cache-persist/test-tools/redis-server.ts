import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@azidentity/test-support";

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Kills the process, like a machine that fails. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Suspends the process, which keeps its connections open. */
  pause(): void;
  resume(): void;
}

export const password = "a-password";

async function launch(scheme: string, port: number, more: readonly string[]): Promise<RedisServer> {
  let child: ChildProcess | undefined;
  const start = async () => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    const access = ["--requirepass", password, "--masterauth", password];
    // so that replication writes no file
    const replication = ["--repl-diskless-sync-delay", "0", "--repl-diskless-load", "swapdb"];
    const started = spawn("redis-server", [...args, ...access, ...replication, ...more], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child = started;
    for await (const chunk of started.stdout) if (String(chunk).includes("Ready to accept")) break;
    started.stdout.destroy(); // later output must not fill the pipe
  };
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  await start();
  return {
    url: `${scheme}://:${password}@127.0.0.1:${port}`,
    port,
    kill,
    start,
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    [Symbol.asyncDispose]: kill,
  };
}

/** Starts redis-server on a loopback port, with a password and without files. */
export async function startRedis(...more: readonly string[]): Promise<RedisServer> {
  return launch("redis", await freePort(), more);
}

/**
 * Starts a server with TLS only, with a certificate of an authority that is created in `folder`.
 */
export async function startTlsRedis(folder: string): Promise<RedisServer & { readonly caCertificate: string }> {
  const at = (name: string) => join(folder, name);
  const make = (name: string, ...more: readonly string[]) => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", at(`${name}.key`)];
    return promisify(execFile)("openssl", ["req", "-x509", ...key, "-out", at(`${name}.pem`), ...more]);
  };
  await make("ca", "-subj", "/CN=Test authority");
  const signed = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-addext", "basicConstraints=critical,CA:FALSE"];
  await make("server", "-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1", ...signed);
  const port = await freePort();
  const files = ["--tls-cert-file", at("server.pem"), "--tls-key-file", at("server.key")];
  const tls = ["--port", "0", "--tls-port", String(port), ...files, "--tls-auth-clients", "no"];
  const server = await launch("rediss", port, tls);
  return { ...server, caCertificate: readFileSync(at("ca.pem"), "utf8") };
}
