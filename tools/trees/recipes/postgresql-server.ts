/**
 * PostgreSQL in a folder of its own, which accepts over TLS what a function accepts as a password.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { ServerCertificate } from "@azidentity/emulator";
import { freePort } from "../../../packages/test-support/src/free-port.ts";
import { startLdapServer } from "./ldap-server.ts";

export interface PostgresqlServer extends AsyncDisposable {
  readonly port: number;
  readonly role: string;
}

/** PostgreSQL refuses to run as root; this user, which owns no files, exists on every Linux. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/**
 * The programs of the newest version that is installed; Debian has the server's outside of PATH.
 */
function program(name: string): string {
  const found = globSync(`/usr/lib/postgresql/*/bin/${name}`).sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  return found.at(-1) ?? name;
}

/** Writes a file that belongs to the user of the server. */
async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  if (unprivileged.uid !== undefined) await chown(path, unprivileged.uid, unprivileged.gid);
}

async function createCluster(folder: string, role: string, ldapPort: number, tls: ServerCertificate): Promise<void> {
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  if (unprivileged.uid !== undefined) await Promise.all([folder, data].map((path) => chown(path, 65_534, 65_534)));
  const initdb = ["-D", data, "-U", role, "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8"];
  await promisify(execFile)(program("initdb"), initdb, { cwd: folder, ...unprivileged });
  await write(join(data, "server.crt"), tls.certificate);
  await write(join(data, "server.key"), tls.key);
  const ldap = `ldap ldapserver=127.0.0.1 ldapport=${ldapPort} ldapprefix="cn="`;
  await write(join(data, "pg_hba.conf"), `hostssl all all 127.0.0.1/32 ${ldap}\nhostssl all all ::1/128 ${ldap}\n`);
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const settings = ["listen_addresses=localhost", `unix_socket_directories=${folder}`, "ssl=on", "fsync=off"];
  const args = ["-D", join(folder, "data"), "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const child = spawn(program("postgres"), args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], ...unprivileged });
  const log: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    log.push(line);
    if (line.includes("ready to accept connections")) {
      child.stderr.resume(); // later output must not fill the pipe
      return child;
    }
  }
  throw new Error(`PostgreSQL has not started:\n${log.join("\n")}`);
}

/** @param accepts Gets the password of each connection of the role */
export async function startPostgresql(
  role: string,
  tls: ServerCertificate,
  accepts: (password: string) => boolean,
): Promise<PostgresqlServer> {
  await using stack = new AsyncDisposableStack();
  const ldap = stack.use(await startLdapServer((name, password) => name === `cn=${role}` && accepts(password)));
  const folder = await mkdtemp(join(tmpdir(), "postgresql-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await createCluster(folder, role, ldap.port, tls);
  const port = await freePort();
  const child = await launch(folder, port);
  stack.defer(async () => {
    child.kill("SIGINT"); // ends its connections
    await once(child, "exit");
  });
  const started = stack.move();
  return { port, role, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
