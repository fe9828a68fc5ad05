/**
 * Timing of several contenders by the same code, in turns, so that a noisy machine disturbs all of
 * them alike.
 */

/** One thing to time. */
export interface Contender {
  /** Does its work so many times that a clock can tell. */
  readonly run: () => Promise<unknown>;
  /** How many calls one run makes; the time of a run is divided by it. */
  readonly calls: number;
}

/** Milliseconds per call, by round. */
export type Rounds = readonly number[];

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The value below which that share of the values lies; of 1 000 values the quantile 0.999 is the
 * second highest.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (share === 0.5 && sorted.length % 2 === 0) {
    return ((sorted[sorted.length / 2 - 1] ?? Number.NaN) + (sorted[sorted.length / 2] ?? Number.NaN)) / 2;
  }
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/**
 * How many times as long `ours` took: the median over the rounds, in which both ran within
 * milliseconds of each other.
 */
export function ratio(ours: Rounds, other: Rounds): number {
  return median(ours.map((value, round) => value / (other[round] ?? Number.NaN)));
}

export async function time(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/**
 * Milliseconds of CPU that this process spends meanwhile, so that others on the machine do not
 * count.
 */
export async function cpuTime(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/**
 * Runs all contenders in each round, the first one another each time. `warmUp` rounds more come
 * first and do not count.
 */
export async function interleave<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  rounds: number,
  warmUp = 5,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = -warmUp; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warmUp) % names.length] as Name;
      const { run, calls } = contenders[name];
      const ms = (await time(run)) / calls;
      if (round >= 0) times[name].push(ms);
    }
  }
  return times;
}
