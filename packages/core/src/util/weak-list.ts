/** A list of objects in order of insertion that does not keep them alive. */
export interface WeakList<T> {
  add(value: T): void;
  newestFirst(): T[];
}

export function createWeakList<T extends object>(): WeakList<T> {
  const refs = new Set<WeakRef<T>>();
  const gone = new FinalizationRegistry<WeakRef<T>>((ref) => refs.delete(ref));
  return {
    add(value) {
      const ref = new WeakRef(value);
      refs.add(ref);
      gone.register(value, ref);
    },
    newestFirst: () => [...refs].reverse().flatMap((ref) => ref.deref() ?? []),
  };
}
