import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerCertificate } from "@azidentity/emulator";

export interface Azurite {
  /** URL of its storage account. */
  readonly url: string;
  stop(): Promise<void>;
}

const flags = ["--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck"];

/**
 * Starts Azurite, Microsoft's emulator of Azure Storage, on loopback with https and tokens of Entra
 * ID. Its process ends with `stop()`, when `signal` aborts, and when this process ends for any
 * reason.
 */
export async function startAzurite(
  { certificate, key }: ServerCertificate,
  signal: AbortSignal,
  onSpawn: (pid: number | undefined) => void,
): Promise<Azurite> {
  const folder = await mkdtemp(join(tmpdir(), "azurite-"));
  try {
    const files = { cert: join(folder, "server.crt"), key: join(folder, "server.key") };
    await writeFile(files.cert, certificate);
    await writeFile(files.key, key);

    const network = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--cert", files.cert, "--key", files.key];
    const program = new URL("azurite-process.ts", import.meta.url);
    signal.throwIfAborted();
    const child = fork(program, ["--oauth", "basic", ...network, ...flags], { silent: true });
    onSpawn(child.pid);
    const ended = once(child, "exit");
    const stop = async () => {
      if (child.connected) child.disconnect(); // azurite-process.ts then exits
      await ended;
    };
    signal.addEventListener("abort", stop);
    return { url: `${await listening(child)}/devstoreaccount1`, stop };
  } finally {
    await rm(folder, { recursive: true }); // Azurite has read the files by now
  }
}

/** The address that Azurite prints once it listens. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const address = /listens on (https:\S+)\n/.exec(output)?.[1];
        if (address !== undefined) resolve(address);
      });
    }
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`Azurite did not start:\n${output}`)));
  });
}
