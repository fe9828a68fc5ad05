import { copyPlain, createTextOf } from "./plain.ts";

/** Keeps what was made of equal arguments: the newest `limit` of them. */
export interface Memo<T> {
  /**
   * `make` gets a copy, so that what was made goes on being that of these arguments when the caller
   * changes them.
   */
  get<const A extends readonly unknown[]>(args: A, make: (copied: A) => T): T;
}

/** Arguments are equal as `createTextOf` says. */
export function createMemo<T>(limit: number): Memo<T> {
  const made = new Map<string, T>();
  const textOf = createTextOf();
  return {
    get(args, make) {
      const key = textOf(args);
      const value = made.get(key) ?? make(copyPlain(args));
      made.delete(key);
      made.set(key, value);
      if (made.size > limit) made.delete(made.keys().next().value as string);
      return value;
    },
  };
}
