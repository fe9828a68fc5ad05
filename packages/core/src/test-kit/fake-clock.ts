import { isBackground } from "../async/abort.ts";
import type { Clock } from "../contract/system-services.ts";

interface Sleeper {
  readonly wake: number;
  readonly background: boolean;
  readonly resolve: () => void;
}

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /**
   * Moves both clocks by milliseconds, wakes sleepers in order and runs what they resume. Never
   * rejects.
   */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock alone, milliseconds since 1970, as a user or a time server does. */
  setWall(now: number): void;
  /** Number of sleeps under way. */
  readonly sleepers: number;
  /** Those of them that would keep a process alive, because a caller waits for them. */
  readonly awaitedSleepers: number;
}

/** Runs everything that is ready to run: promises, and what the event loop holds ready for them. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Adds a sleep that ends when `wake` of its sleeper is reached, or with the signal. */
function addSleeper(sleepers: Set<Sleeper>, wake: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      sleepers.delete(sleeper);
      reject(signal.reason);
    };
    const sleeper: Sleeper = {
      wake,
      background: isBackground(signal),
      resolve() {
        sleepers.delete(sleeper);
        signal.removeEventListener("abort", onAbort);
        resolve();
      },
    };
    sleepers.add(sleeper);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** Starts at `start`, milliseconds since 1970. */
export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let wall = start;
  let mono = 0;
  const sleepers = new Set<Sleeper>();
  const next = (until: number) =>
    [...sleepers].filter((sleeper) => sleeper.wake <= until).sort((a, b) => a.wake - b.wake)[0];
  const pass = (ms: number) => {
    mono += ms;
    wall += ms;
  };
  return {
    now: () => wall,
    monotonic: () => mono,
    sleep: (ms, signal) => addSleeper(sleepers, mono + ms, signal),
    async advance(ms) {
      const until = mono + ms;
      await settle();
      for (let sleeper = next(until); sleeper !== undefined; sleeper = next(until)) {
        pass(Math.max(0, sleeper.wake - mono));
        sleeper.resolve();
        await settle();
      }
      pass(until - mono);
      await settle();
    },
    setWall(now) {
      wall = now;
    },
    get sleepers() {
      return sleepers.size;
    },
    get awaitedSleepers() {
      return [...sleepers].filter(({ background }) => !background).length;
    },
  };
}
