import { copyPlain } from "./plain.ts";

/** Keeps the values of the `limit` argument lists that were used last. */
export interface Memo<T> {
  /**
   * The value for equal arguments, made once. `make` gets a copy, so that the value still matches
   * its key when the caller changes the arguments.
   */
  get<const A extends readonly unknown[]>(args: A, make: (copied: A) => T): T;
}

/** Arguments are equal when their texts are. */
export function createMemo<T>(limit: number, textOf: (value: unknown) => string): Memo<T> {
  let made: Map<string, T> | undefined;
  return {
    get(args, make) {
      made ??= new Map();
      const key = textOf(args);
      const value = made.get(key) ?? make(copyPlain(args));
      made.delete(key);
      made.set(key, value);
      if (made.size > limit) made.delete(made.keys().next().value as string);
      return value;
    },
  };
}
