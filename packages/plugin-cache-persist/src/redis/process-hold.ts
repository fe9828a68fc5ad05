/** Keeps the process alive while something is under way whose socket does not. */
export interface ProcessHold {
  hold(): void;
  release(): void;
  end(): void;
}

export function createProcessHold(): ProcessHold {
  const timer = setInterval(() => undefined, 2 ** 30); // never mind when: a timer that exists keeps a process alive
  timer.unref();
  return {
    hold: () => void timer.ref(),
    release: () => void timer.unref(),
    end: () => clearInterval(timer),
  };
}
