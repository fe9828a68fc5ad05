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

/**
 * Starts Azurite, Microsoft's emulator of Azure Storage, on loopback. It takes tokens of Entra ID alone, over https.
 * Its process ends when `stop` is called, when `signal` aborts, and when this process ends in whatever way.
 */
export async function startAzurite(
  { certificate, key }: ServerCertificate,
  signal: AbortSignal,
  onSpawn: (pid: number | undefined) => void,
): Promise<Azurite> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), "azurite-"));
  try {
    const files = { cert: join(folder, "server.crt"), key: join(folder, "server.key") };
    await writeFile(files.cert, certificate);
    await writeFile(files.key, key);

    const child = fork(
      new URL("azurite-process.ts", import.meta.url),
      [
        "--blobHost",
        "127.0.0.1",
        "--blobPort",
        "0",
        "--oauth",
        "basic",
        "--cert",
        files.cert,
        "--key",
        files.key,
      ].concat("--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck"),
      { silent: true },
    );
    onSpawn(child.pid);

    const ended = once(child, "exit");
    const disconnect = () => child.connected && child.disconnect();
    signal.addEventListener("abort", disconnect);
    if (signal.aborted) disconnect();
    const stop = async () => {
      disconnect();
      await ended;
    };
    try {
      return { url: `${await listening(child)}/devstoreaccount1`, stop };
    } catch (error) {
      await stop();
      throw signal.aborted ? signal.reason : error;
    }
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
    child.once("close", () => reject(new Error(`Azurite did not start:\n${output}`)));
  });
}
