/** A list of objects in order of insertion that does not keep them alive. */
export interface WeakList<T> {
  add(value: T): void;
  newestFirst(): T[];
}

/** Its table is made for the first object, because most lists stay empty. */
export function createWeakList<T extends object>(): WeakList<T> {
  let refs: Set<WeakRef<T>> | undefined;
  let gone: FinalizationRegistry<WeakRef<T>> | undefined;
  return {
    add(value) {
      refs ??= new Set();
      gone ??= new FinalizationRegistry((ref) => refs?.delete(ref));
      const ref = new WeakRef(value);
      refs.add(ref);
      gone.register(value, ref);
    },
    newestFirst: () => [...(refs ?? [])].reverse().flatMap((ref) => ref.deref() ?? []),
  };
}
