import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a fake program prints, and how it ends. */
export interface FakeAnswer {
  readonly stdout?: unknown;
  readonly stderr?: string;
  readonly exitCode?: number;
  /** Does not end by itself. */
  readonly hang?: boolean;
}

/** One run of a fake program. */
export interface ToolRun {
  readonly program: string;
  readonly folder: string;
  readonly args: readonly string[];
}

export interface FakeTools {
  /** The folder of the programs, for PATH. */
  readonly folder: string;
  /** Puts a program on PATH; what is not text is printed as JSON. */
  install(program: string, answer: FakeAnswer): void;
  runs(): readonly ToolRun[];
}

const betweenRuns = "\u001e";
const betweenWords = "\u001f";

/** Programs of `sh`, which start ten times as fast as those of Node.js. */
export function createFakeTools(home: string): FakeTools {
  const folder = join(home, "bin");
  const log = join(home, "runs");
  mkdirSync(folder);
  return {
    folder,
    install(program, { stdout = "", stderr = "", exitCode = 0, hang = false }) {
      const file = join(folder, program);
      writeFileSync(`${file}.out`, typeof stdout === "string" ? stdout : JSON.stringify(stdout));
      writeFileSync(`${file}.err`, stderr);
      const script = [
        `#!/bin/sh`,
        `printf '%s\\037' ${program} "$PWD" "$@" >> '${log}'; printf '\\036' >> '${log}'`,
        `[ "$1" = "/?" ] && exit 0`, // asks whether PowerShell is installed
        ...(hang ? ["exec /bin/sleep 30"] : []),
        `/bin/cat '${file}.out'; /bin/cat '${file}.err' >&2`,
        `exit ${exitCode}`,
      ];
      writeFileSync(file, script.join("\n"));
      chmodSync(file, 0o755);
    },
    runs: () =>
      (existsSync(log) ? readFileSync(log, "utf8") : "").split(betweenRuns).flatMap((run) => {
        const [program, cwd, ...args] = run.split(betweenWords).slice(0, -1);
        return program && cwd ? [{ program, folder: realpathSync(cwd), args }] : [];
      }),
  };
}
