import type { Clock } from "../contract/system-services.ts";
import type { Link } from "./link.ts";
import { createSilentHosts, type SilentHosts } from "./silent-hosts.ts";

/** The link that a chain has elected. */
export interface Winner {
  readonly link: Link | undefined;
  /** The same link, for hits; `undefined` while silent hosts before it have to be probed first. */
  readonly forHits: Link | undefined;
  /** @param silent deployed links before it whose hosts did not answer */
  elect(link: Link, silent: readonly Link[]): void;
  /** Ends the election of `link`; ignored for any other link. */
  drop(link: Link): void;
  /** Whether the silent hosts have to be probed before the winner is used. */
  isInDoubt(): boolean;
  /**
   * Probes them and returns within a moment. A host that answers, even later, ends the election.
   */
  review(): Promise<void>;
}

/**
 * Keeps the winner of a chain: a deployed one for good, because a production identity that fails
 * must not quietly become another principal; any other one until a host that was silent in its
 * election is found.
 */
export function createWinner(clock: Clock): Winner {
  let silentHosts: SilentHosts | undefined; // made for the first one, because most elections have none
  const set = (next: Link | undefined): void => {
    winner.link = next;
    winner.forHits = next;
  };
  // plain properties, which every hit reads
  const winner: { -readonly [K in keyof Winner]: Winner[K] } = {
    link: undefined,
    forHits: undefined,
    elect(link, silent) {
      set(link);
      const watched = link.kind === "deployed" ? [] : silent;
      if (watched.length > 0) silentHosts ??= createSilentHosts(clock);
      silentHosts?.watch(watched, {
        onDue() {
          if (winner.link === link) winner.forHits = undefined;
        },
        onProbed(isThere) {
          if (winner.link === link) set(isThere ? undefined : link);
        },
      });
    },
    drop(link) {
      if (winner.link === link) set(undefined);
    },
    isInDoubt: () => silentHosts?.isDue() === true,
    review: async () => silentHosts?.probe(),
  };
  return winner;
}
