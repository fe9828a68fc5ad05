import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** One run of an installed script. */
export interface Run {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface Machine {
  /** The environment of a user with these tools. */
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  /**
   * Puts a program on PATH: a script of Node.js whose `print(json)` and `fail(text, code)` end it.
   * `head`: its first lines, with the interpreter.
   */
  install(program: string, script: string, head?: string): string;
  /** What the programs were called with, in order. */
  runs(): readonly Run[];
  /** Writes a file below the home folder. */
  write(file: string, text: string): void;
}

const prelude = (log: string) => `#!${process.execPath}
const { appendFileSync } = require("node:fs");
appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() }) + "\\n");
const print = (answer) => process.stdout.write(JSON.stringify(answer) + "\\n");
const fail = (text, code = 1) => { process.stderr.write(text); process.exitCode = code; };
`;

/**
 * A machine of its own for one test: a home folder, and a PATH with the programs that the test
 * installs.
 */
export function createMachine(): Machine {
  const home = mkdtempSync(join(tmpdir(), "azidentity-tools-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const bin = join(home, "bin");
  const log = join(home, "runs.jsonl");
  mkdirSync(bin);
  return {
    home,
    env: { PATH: bin, HOME: home, USERPROFILE: home },
    install(program, script, head = prelude(log)) {
      const file = join(bin, program);
      writeFileSync(file, head + script);
      chmodSync(file, 0o755);
      return file;
    },
    runs: () =>
      existsSync(log)
        ? readFileSync(log, "utf8")
            .split("\n")
            .slice(0, -1) // the last line may be incomplete
            .map((line) => JSON.parse(line) as Run)
        : [],
    write(file, text) {
      const path = join(home, file);
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, text);
    },
  };
}

/** A script for `az` that prints this token, valid for years. */
export const azPrints = (token: string) =>
  `print({ accessToken: ${JSON.stringify(token)}, expires_on: 4000000000, tokenType: "Bearer" });`;
