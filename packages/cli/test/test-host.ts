import { PassThrough } from "node:stream";
import type { Host, Input, Output } from "../src/host.ts";

/** A host for tests in this process, and what was written to it. */
export interface TestHost extends Host {
  /** Standard output so far. */
  readonly printed: () => string;
  /** Standard error so far. */
  readonly reported: () => string;
  /** What Ctrl-C does. */
  readonly interrupt: () => void;
}

/** What a test says of its host; the rest is a machine without a user's variables, and a pipe. */
export interface TestHostSettings
  extends Partial<Pick<Host, "environment" | "workingDirectory" | "home" | "now" | "platform">> {
  /** Text of standard input. Default: empty. */
  readonly input?: string;
  /** Keys that a user presses at a terminal, one after another, in place of `input`. */
  readonly keys?: readonly string[];
  /** Columns of a terminal. Default: both outputs are pipes. */
  readonly columns?: number;
}

function collector(columns: number | undefined): { output: Output; text: () => string } {
  const parts: string[] = [];
  const stream = new PassThrough();
  stream.on("data", (part: Buffer) => parts.push(part.toString("utf8")));
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  return { output: Object.assign(stream, terminal), text: () => parts.join("") };
}

/** The input of a terminal: the next key is pressed when a question is shown, which clack marks. */
function keyboard(keys: readonly string[], asked: Output): Input {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const left = [...keys];
  asked.on("data", (part: Buffer) => {
    const key = /[◆*] /.test(part.toString("utf8")) ? left.shift() : undefined;
    if (key !== undefined) setImmediate(() => input.write(key));
  });
  return input as Input;
}

/** A host whose outputs are collected. */
export function createTestHost(settings: TestHostSettings = {}): TestHost {
  const {
    input = "",
    keys,
    columns,
    environment = {},
    workingDirectory = "/",
    home,
    now = Date.now,
    platform = process.platform,
  } = settings;
  const [out, err] = [collector(columns), collector(columns)];
  const controller = new AbortController();
  const stdin = new PassThrough();
  stdin.end(input);
  return {
    environment,
    workingDirectory,
    home,
    input: keys === undefined ? (stdin as Input) : keyboard(keys, err.output),
    output: out.output,
    errorOutput: err.output,
    signal: controller.signal,
    leaveInterrupts: () => () => undefined,
    platform,
    now,
    printed: out.text,
    reported: err.text,
    interrupt: () => controller.abort(),
  };
}
