/**
 * The time of one emulator: the source of every `iat`, `nbf`, `exp` and timestamp that it writes.
 */
export interface Clock {
  /**
   * Milliseconds since 1970-01-01 UTC. Follows the system clock until {@link Clock.set} is called.
   */
  now(): number;
  /**
   * Stops the clock at `timeMs` (milliseconds since 1970-01-01 UTC); after that only {@link
   * Clock.advance} moves it.
   *
   * @throws {RangeError} `timeMs` is not finite.
   */
  set(timeMs: number): void;
  /**
   * Moves the clock by `durationMs` milliseconds; a negative value moves it back.
   *
   * @throws {RangeError} `durationMs` is not finite.
   */
  advance(durationMs: number): void;
}

export function createClock(systemTime: () => number = Date.now): Clock {
  let stoppedAtMs: number | undefined;
  let offsetMs = 0;

  return {
    now: () => (stoppedAtMs ?? systemTime()) + offsetMs,
    set(timeMs) {
      checkFinite("time", timeMs);
      stoppedAtMs = timeMs;
      offsetMs = 0;
    },
    advance(durationMs) {
      checkFinite("duration", durationMs);
      offsetMs += durationMs;
    },
  };
}

/** Whole seconds since 1970-01-01 UTC, the unit of times in tokens. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

function checkFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`The clock's ${name} must be a finite number of milliseconds.`);
}
