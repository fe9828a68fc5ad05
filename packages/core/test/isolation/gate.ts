/**
 * Where the work of a process can be held up: the making of a credential, its answer, the store.
 */
export const stages = ["create", "answer", "store", "lease"] as const;
export type Stage = (typeof stages)[number];

/**
 * Holds up what passes while a stage is closed, so that a test can change the world in the middle
 * of an acquisition.
 */
export interface Gate {
  pass(stage: Stage): Promise<void>;
  close(stage: Stage): void;
  /** Opens a stage for what comes; what is held stays held. */
  open(stage: Stage): void;
  /** Lets one of what is held go on; `false`: nothing is held. */
  release(which: number): boolean;
}

export function createGate(): Gate {
  const closed = new Set<Stage>();
  const held: (() => void)[] = [];
  return {
    async pass(stage) {
      if (closed.has(stage)) await new Promise<void>((resolve) => held.push(resolve));
    },
    close: (stage) => void closed.add(stage),
    open: (stage) => void closed.delete(stage),
    release(which) {
      const [next] = held.splice(which % Math.max(held.length, 1), 1);
      next?.();
      return next !== undefined;
    },
  };
}
