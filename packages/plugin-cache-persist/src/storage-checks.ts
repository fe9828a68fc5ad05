import type { Logger } from "@azidentity/core/plugin";
/** A place for one text value: a file, an item of a keyring, a key in Redis. */
export interface SelfTestTarget {
  write(value: string): Promise<unknown>;
  read(): Promise<string | null | undefined>;
  remove(): Promise<unknown>;
}

/**
 * Writes a random value, reads it back and removes it; returns whether it was the same. Finds
 * storage that accepts writes and keeps nothing, before anything depends on it.
 */
export async function passesSelfTest({ write, read, remove }: SelfTestTarget): Promise<boolean> {
  const value = process.getBuiltinModule("node:crypto").randomUUID();
  await write(value);
  const found = await read();
  await remove();
  return found === value;
}

/**
 * Logs one warning per reason for which stored entries cannot be opened. One warning per entry
 * would flood the log after a key has changed.
 */
export function createUnreadableReport(log: Logger, store: "file" | "redis"): (reason: string) => void {
  const reported = new Set<string>();
  return (reason) => {
    if (reported.has(reason)) return;
    reported.add(reason);
    const isKept = store === "file" && reason === "sealed with another key";
    const consequence = isKept
      ? "it is kept until that key is configured again"
      : "it is replaced when its token is next acquired";
    log.warn(`The ${store} store ignores a stored entry that is ${reason}; ${consequence}.`);
  };
}
