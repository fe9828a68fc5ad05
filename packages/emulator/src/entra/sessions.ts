import { type Clock, epochSeconds } from "../clock.ts";

/** What a principal is signed in by. It ends when it is revoked, and the next one begins at once. */
export interface Session {
  readonly number: number;
  /** Seconds since 1970-01-01 UTC; 0 for a principal's first. */
  readonly since: number;
}

/**
 * The sessions of all principals, by object id. A token carries the number of its session (see `access-token.ts`): times,
 * which are whole seconds, could not tell a token that was issued before a revocation from one of the same second after it.
 */
export interface Sessions {
  current(objectId: string): Session;
  revoke(objectId: string): void;
}

const first: Session = { number: 1, since: 0 };

export function createSessions(clock: Clock): Sessions {
  const revoked = new Map<string, Session>();
  const current = (objectId: string) => revoked.get(objectId.toLowerCase()) ?? first;

  return {
    current,
    revoke(objectId) {
      const number = current(objectId).number + 1;
      revoked.set(objectId.toLowerCase(), { number, since: epochSeconds(clock) });
    },
  };
}
