/** Keeps what was made of equal arguments: the newest `limit` of them. */
export interface Memo<T> {
  get(args: readonly unknown[], make: () => T): T;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

/** Arguments are equal when their JSON is; functions and class instances only when they are the same object. */
export function createMemo<T>(limit: number): Memo<T> {
  const made = new Map<string, T>();
  const ids = new WeakMap<object, number>();
  const mark = process.getBuiltinModule("node:crypto").randomUUID(); // so that no argument can look like an identity
  let nextId = 0;
  const byIdentity = (value: object) => {
    const id = ids.get(value) ?? nextId++;
    ids.set(value, id);
    return { [mark]: id };
  };
  const keyOf = (args: readonly unknown[]) =>
    JSON.stringify(args, function (this: Record<string, unknown>, key) {
      const value = this[key]; // as it is, not what its toJSON says
      const opaque = typeof value === "function" || (typeof value === "object" && value !== null && !isPlain(value));
      if (typeof value === "bigint") return { [mark]: String(value) };
      return opaque ? byIdentity(value as object) : value;
    });
  return {
    get(args, make) {
      const key = keyOf(args);
      const value = made.get(key) ?? make();
      made.delete(key);
      made.set(key, value);
      if (made.size > limit) made.delete(made.keys().next().value as string);
      return value;
    },
  };
}
