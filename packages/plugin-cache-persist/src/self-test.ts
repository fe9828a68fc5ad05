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
