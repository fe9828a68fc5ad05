import { AbortError } from "../contract/errors.ts";
import type { AccessToken } from "../contract/token.ts";

/** A token, and after which of the source's sign-ins it was got. */
export interface Arrival {
  readonly token: AccessToken;
  readonly signIn: number;
}

/** Why a flight ends after whose start somebody else has signed in. No caller sees it: they ask again. */
export const superseded = new AbortError("Somebody else has signed in.");

/** Who is signed in to a source can change while callers wait for its tokens: nobody is served what comes from before. */
export interface SignIns {
  /** How many there have been. */
  readonly current: number;
  /** From now on it may be somebody else. */
  change(): void;
  /** The source speaks for another principal now; whose its last token was says nothing about the next one. */
  restart(): void;
  /** Whose the last token is. Nothing of the account before outlives the first token of another. */
  note(account: string | undefined): void;
  /** Asks, again and again, until nobody has signed in meanwhile. */
  settled(ask: () => Arrival | Promise<Arrival>): Promise<AccessToken>;
}

export function createSignIns(onChange: () => void): SignIns {
  let current = 0;
  let account: string | undefined;

  const change = (): void => {
    current++;
    account = undefined;
    onChange();
  };

  return {
    get current() {
      return current;
    },
    change,
    restart() {
      account = undefined;
    },
    note(noted) {
      if (noted === undefined) return;
      if (account !== undefined && account !== noted) change();
      account = noted;
    },
    async settled(ask) {
      for (;;) {
        const asked = current;
        try {
          const arrival = await ask();
          if (arrival.signIn === current) return arrival.token;
        } catch (error) {
          if (asked === current) throw error;
        }
      }
    },
  };
}
