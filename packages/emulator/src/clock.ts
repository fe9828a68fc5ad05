/** The emulator's own time: every `iat`, `nbf`, `exp` and timestamp it writes comes from here. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. Follows the machine's clock until {@link Clock.set} is called. */
  now(): number;
  /** Stops the clock at `time` (milliseconds since 1970-01-01 UTC); from here on it moves by {@link Clock.advance} only. */
  set(time: number): void;
  /** Moves the clock by `duration` milliseconds, forwards or (negative) backwards. */
  advance(duration: number): void;
}

export function createClock(realTime: () => number = Date.now): Clock {
  let stoppedAt: number | undefined;
  let offset = 0;

  return {
    now: () => (stoppedAt ?? realTime()) + offset,
    set(time) {
      checkFinite("time", time);
      stoppedAt = time;
      offset = 0;
    },
    advance(duration) {
      checkFinite("duration", duration);
      offset += duration;
    },
  };
}

/** Whole seconds since 1970-01-01 UTC, as tokens tell the time. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

function checkFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`The clock's ${name} must be a finite number of milliseconds.`);
}
