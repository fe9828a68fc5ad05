import type { AccessToken, IssuedToken } from "../contract/token.ts";

/** A token in memory. Times are milliseconds: `...Wall` since 1970, `...Mono` of the monotonic clock, so that no clock change revives it. */
export interface Entry {
  readonly issued: IssuedToken;
  /** Handed out as it is: a hit allocates nothing. */
  readonly answer: Promise<AccessToken>;
  readonly freshWall: number;
  readonly freshMono: number;
  readonly deadWall: number;
  readonly deadMono: number;
  /** Account state of the tool it came from; `undefined` for sources without one. */
  readonly account: string | undefined;
  readonly bytes: number;
  readonly scope: string;
  readonly cae: boolean;
  readonly partition: Partition;
  /** Asked for since the eviction hand last passed. */
  used: boolean;
  /** Failed refreshes in a row, and the monotonic time before which no other is tried. */
  failures: number;
  retryMono: number;
  previous: Entry;
  next: Entry;
}

/** The tokens of one tenant (and user) by scope text. Plain and CAE tokens never mix. */
export interface Partition {
  readonly key: string;
  readonly home: Map<string, Partition>;
  readonly plain: Map<string, Entry>;
  cae: Map<string, Entry> | undefined;
}

export function tableOf(partition: Partition, cae: boolean): Map<string, Entry> | undefined {
  return cae ? partition.cae : partition.plain;
}
