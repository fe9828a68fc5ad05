/** A server or a file that has to be closed or removed with the emulator. */
export interface Closable {
  close(): Promise<void>;
}

/** Everything that an emulator closes, in one call. */
export interface Closer extends Closable {
  /** Registers `part` and returns it. */
  add<Part extends Closable>(part: Part): Part;
}

/** A second call of `close` waits for the first. */
export function createCloser(): Closer {
  const parts: Closable[] = [];
  let closed: Promise<unknown> | undefined;
  return {
    add(part) {
      parts.push(part);
      return part;
    },
    async close() {
      closed ??= Promise.all(parts.map((part) => part.close()));
      await closed;
    },
  };
}
