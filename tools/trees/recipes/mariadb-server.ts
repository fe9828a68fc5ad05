/**
 * MariaDB in a folder of its own, which asks for passwords over TLS in clear text
 * (`mysql_clear_password`), as Azure's MySQL does, and accepts what a function accepts.
 *
 * The server has this for PAM. For each connection its plugin starts a program that asks PAM for
 * it; ours asks the function, so that the PAM of the machine stays as it is, and a token is checked
 * whole: pam_exec cuts it at 512 bytes.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { ServerCertificate } from "@azidentity/emulator";
import { freePort } from "../../../packages/test-support/src/free-port.ts";

export interface MariadbServer extends AsyncDisposable {
  readonly port: number;
}

type Accepts = (user: string, password: string) => boolean;

/** MariaDB refuses to run as root without this. */
const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];
const pam = "/usr/lib/mysql/plugin/auth_pam.so";

/** Answers each line with a user and line with a password by `yes` or `no`. */
async function listen(path: string, accepts: Accepts): Promise<AsyncDisposable> {
  const server = createServer(async (socket) => {
    socket.on("error", () => socket.destroy());
    const lines: string[] = [];
    for await (const line of createInterface(socket)) if (lines.push(line) === 2) break;
    const [user = "", password = ""] = lines;
    socket.end(accepts(user, password) ? "yes\n" : "no\n");
  });
  await once(server.listen(path), "listening");
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** The folder of plugins: PAM's, with our program in place of its own. */
async function createPlugins(folder: string): Promise<string> {
  const plugins = join(folder, "plugins");
  await mkdir(join(plugins, "auth_pam_tool_dir"), { recursive: true });
  await symlink(pam, join(plugins, "auth_pam.so"));
  await copyFile(join(import.meta.dirname, "mariadb-sign-in.pl"), join(plugins, "auth_pam_tool_dir/auth_pam_tool"));
  return plugins;
}

async function launch(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn("mariadbd", args, { stdio: ["ignore", "ignore", "pipe"] });
  const log: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    log.push(line);
    if (line.includes("ready for connections")) {
      child.stderr.resume(); // later output must not fill the pipe
      return child;
    }
  }
  throw new Error(`MariaDB has not started:\n${log.join("\n")}`);
}

/**
 * @param users Their passwords are what `accepts` says
 * @param accepts Gets user and password of each connection
 */
export async function startMariadb(
  users: readonly string[],
  { certificate, key }: ServerCertificate,
  accepts: Accepts,
): Promise<MariadbServer> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "mariadb-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [data, socket, ask] = ["data", "socket", "ask"].map((name) => join(folder, name)) as [string, string, string];
  stack.use(await listen(ask, accepts));
  const own = ["--no-defaults", `--datadir=${data}`, ...asRoot];
  await promisify(execFile)("mariadb-install-db", [
    ...own,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ]);
  const sql = users.map((user) => `CREATE USER '${user}' IDENTIFIED VIA pam USING '${ask}';`);
  await writeFile(join(folder, "users.sql"), sql.join("\n"));
  await writeFile(join(folder, "tls.pem"), `${key}\n${certificate}`, { mode: 0o600 });
  const port = await freePort();
  const tls = [`--ssl-cert=${folder}/tls.pem`, `--ssl-key=${folder}/tls.pem`, "--require-secure-transport=ON"];
  const plugin = [`--plugin-dir=${await createPlugins(folder)}`, "--plugin-load-add=auth_pam"];
  const at = ["--bind-address=127.0.0.1", `--port=${port}`, `--socket=${socket}`];
  const init = [`--init-file=${folder}/users.sql`, "--skip-name-resolve"];
  const child = await launch([...own, ...at, ...tls, ...plugin, "--pam-use-cleartext-plugin=ON", ...init]);
  stack.defer(async () => {
    child.kill("SIGKILL"); // its data is thrown away
    await once(child, "exit");
  });
  const started = stack.move();
  return { port, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
