import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";

export interface Relay {
  /** What a container gets: the URL of the relay, and the key of one client. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The next line that says who asked for what. */
  nextAnswer(): Promise<{ readonly client: string; readonly scopes: readonly string[]; readonly outcome: string }>;
  /** Ends it, as Ctrl-C does. */
  stop(): Promise<void>;
}

/** Runs `azid serve`, as a developer does in a terminal. */
export async function startRelay(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Relay> {
  const azid = fileURLToPath(new URL("dist/main.js", import.meta.resolve("@azidentity/cli/package.json")));
  const child = spawn(process.execPath, [azid, "serve", "--json", ...words], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const stop = async () => {
    child.kill("SIGINT");
    await ended;
  };
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("azid serve has ended.");
    return JSON.parse(value);
  };
  try {
    const { clients } = await next();
    // a container reaches it by another name, so it has a file of its own; this "container" is a
    // process
    return { variables: parseEnv(readFileSync(clients[0].here, "utf8")), nextAnswer: next, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
