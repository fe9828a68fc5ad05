import { type Clock, epochSeconds } from "../clock.ts";

/** The session of a principal. A revocation ends it and starts the next one. */
export interface Session {
  readonly number: number;
  /** Seconds since 1970-01-01 UTC; 0 for the first session of a principal. */
  readonly since: number;
}

/**
 * The sessions of all principals, by object id. A token carries the number of its session (see
 * `access-token.ts`), because `iat` has whole seconds and is ambiguous in the second of a
 * revocation.
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
