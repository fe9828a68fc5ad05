import { randomBytes, randomUUID } from "node:crypto";
import { type Clock, epochSeconds } from "../../clock.ts";
import type { JsonObject } from "../../http/message.ts";
import type { Tenant } from "../directory.ts";
import type { Sessions } from "../sessions.ts";
import type { Account } from "./accounts.ts";

/** The completed sign-in of a user. Codes, refresh tokens, devices and browsers refer to it. */
export interface Authentication {
  readonly account: Account;
  /** Whether it included a second factor. */
  readonly secondFactor: boolean;
  /** Seconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Number of the account's session, which a revocation ends. */
  readonly session: number;
  /** The `sid` of the tokens. */
  readonly sid: string;
}

/** The parts of an authority that sign-ins depend on. */
export interface SignInState {
  readonly clock: Clock;
  readonly sessions: Sessions;
}

export function authenticate({ clock, sessions }: SignInState, account: Account, secondFactor = false): Authentication {
  return {
    account,
    secondFactor,
    at: epochSeconds(clock),
    session: sessions.current(account.user.objectId).number,
    sid: randomUUID(),
  };
}

/** The properties that conditional access evaluates. */
export function describeForPolicies({ account: { user }, secondFactor }: Authentication) {
  return { username: user.username, secondFactor, hasSecondFactor: user.secondFactor !== undefined };
}

export function isRevoked({ sessions }: Pick<SignInState, "sessions">, { account, session }: Authentication): boolean {
  return session !== sessions.current(account.user.objectId).number;
}

/** A pending device code. */
export interface Device {
  readonly clientId: string;
  /** `undefined`: the home tenant of the user. */
  readonly tenant: Tenant | undefined;
  readonly scope: string;
  readonly claims: JsonObject;
  /** The code that the user types. */
  readonly userCode: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly expires: number;
  answer: Authentication | "declined" | undefined;
  /** The minimum time between two polls. */
  intervalSeconds: number;
  /** Time of the last poll, in seconds since 1970-01-01 UTC. */
  lastPolledAt: number | undefined;
}

/** A random code of 192 bits. */
export function secretCode(): string {
  return randomBytes(24).toString("base64url");
}
