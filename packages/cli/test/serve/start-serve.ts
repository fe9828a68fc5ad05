/**
 * `azid serve` as a user starts it: the built command, with an environment that is built from
 * nothing.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { program } from "../run-azid.ts";

/** The first line of `--json`. */
export interface Started {
  readonly port: number;
  readonly here: string;
  readonly container: string;
  readonly identity?: { readonly name: string; readonly tenantId: string; readonly source: string };
  readonly scopes: readonly string[];
  readonly clients: readonly { readonly client: string; readonly here: string; readonly container: string }[];
}

export interface Serving extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly started: Started;
  /** The next line of JSON: an answer. */
  next(): Promise<Record<string, unknown>>;
  /** The variables of the first client for programs of this machine. */
  readonly variables: Readonly<Record<string, string>>;
  /** All that was written so far. */
  output(): string;
  /** Sends a signal, and resolves with the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export const readVariables = (path: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );

/**
 * Starts `azid serve --json`; resolves when it answers, and rejects with its output if it ends
 * before.
 *
 * @param onReport called with what it writes to standard error
 */
export async function startServe(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  onReport: (text: string) => void = () => undefined,
  cwd = env.HOME,
): Promise<Serving> {
  const { PATH, SystemRoot } = process.env;
  const child = spawn(process.execPath, [program, "serve", "--json", ...words], {
    cwd,
    env: { PATH, SystemRoot, ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (text += part));
  child.stderr.on("data", (text: string) => onReport(text));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, "exit");
  const end = async (signal: NodeJS.Signals = "SIGKILL") => {
    child.kill(signal);
    return (await ended)[0] as number | null;
  };
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`azid serve has ended:\n${text}`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  try {
    const started = (await next()) as unknown as Started;
    const variables = readVariables(started.clients[0]?.here ?? "");
    return {
      child,
      started,
      next,
      variables,
      output: () => text,
      end,
      [Symbol.asyncDispose]: async () => void (await end()),
    };
  } catch (error) {
    await end();
    throw error;
  }
}
