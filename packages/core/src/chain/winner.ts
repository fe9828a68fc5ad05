import type { Clock } from "../contract/system-services.ts";
import type { Link } from "./link.ts";
import { createSilentHosts } from "./silent-hosts.ts";

/** The link that a chain has elected. */
export interface Winner {
  readonly link: Link | undefined;
  /** The same link, for hits; `undefined` while hosts before it that were silent are to be probed first. */
  readonly forHits: Link | undefined;
  /** @param silent deployed links before it whose hosts did not answer */
  elect(link: Link, silent: readonly Link[]): void;
  /** Ends the election of `link`; of another one it says nothing. */
  drop(link: Link): void;
  /** Whether the hosts that were silent are to be probed before the winner is asked. */
  isInDoubt(): boolean;
  /** Probes them. Ends within a moment; a host that is there has ended the election then, or does when it answers. */
  review(): Promise<void>;
}

/**
 * Keeps the winner of a chain: a deployed one for life, because a production identity that fails must not quietly become another principal;
 * any other one for as long as no host turns up in whose place it answered.
 */
export function createWinner(clock: Clock): Winner {
  const silentHosts = createSilentHosts(clock);
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
      silentHosts.watch(link.kind === "deployed" ? [] : silent, {
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
    isInDoubt: () => silentHosts.isDue,
    review: silentHosts.probe,
  };
  return winner;
}
