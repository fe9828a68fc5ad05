/** The tree installed once, the emulator, and programs of it that are talked with line by line. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "../../../packages/emulator/src/index.ts";

/** A program whose lines on standard output are JSON. */
export interface Program extends AsyncDisposable {
  /** The next line that has the member; others are skipped. */
  next(member: string): Promise<Record<string, unknown>>;
  say(): void;
  /** Standard error so far. */
  readonly errors: () => string;
  readonly ended: Promise<unknown[]>;
}

export interface World extends AsyncDisposable {
  readonly emulator: Emulator;
  /** @param port Default: one that the operating system chooses */
  startServer(name: string, port?: number): Promise<Program & { readonly port: number }>;
  startClient(name: string, port: number): Program;
}

export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-"));
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(import.meta.dirname, name), join(folder, name));
  await cp(join(import.meta.dirname, "programs"), join(folder, "programs"), { recursive: true });
  const quick = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await promisify(execFile)("npm", ["ci", ...quick], { cwd: folder });
  const emulator = await startEmulator();
  const programs: Program[] = [];
  const start = (...settings: Parameters<typeof startProgram>) => {
    const program = startProgram(...settings);
    programs.push(program);
    return program;
  };
  return {
    emulator,
    async startServer(name, port = 0) {
      const { authorityHost, tenantId, application, api, caCertificateFile } = emulator;
      const program = start(folder, [`programs/${name}.mjs`], {
        AUTHORITY: authorityHost,
        TENANT: tenantId,
        AUDIENCE: application.clientId,
        API: api.url,
        PORT: String(port),
        NODE_EXTRA_CA_CERTS: caCertificateFile,
      });
      return { ...program, port: (await program.next("port")).port as number };
    },
    startClient(name, port) {
      const azid = join(import.meta.dirname, "../../../packages/cli/dist/main.js");
      const url = `http://127.0.0.1:${port}/mcp`;
      const command = [process.execPath, azid, "mcp", url, "--scope", emulator.api.scope, "--no-config"];
      return start(folder, [`programs/${name}.mjs`, JSON.stringify(command)], emulator.env("service-principal"));
    },
    async [Symbol.asyncDispose]() {
      // also those of a test that has failed
      await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startProgram(folder: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, "close");
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString("utf8");
  });
  return {
    async next(member) {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`The program has ended before it printed "${member}": ${errors}`);
        const message = JSON.parse(value);
        if (member in message) return message;
      }
    },
    say: () => void child.stdin.write("\n"),
    errors: () => errors,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
