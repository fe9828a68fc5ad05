import { abortFlights, createFlights, type Flights, releaseFlights, type ShareFlight } from "../async/flights.ts";
import type { Eviction } from "../cache/eviction.ts";
import { clearMemory, createMemory, type Memory } from "../cache/memory.ts";
import { createThrottle, type Throttle } from "../cache/throttle.ts";
import type { Clock } from "../contract/system-services.ts";
import type { IssuedToken } from "../contract/token.ts";
import { AbortError } from "../errors/errors.ts";

/**
 * Why an acquisition ends that began before another account signed in. Callers never see it: they
 * ask again.
 */
export const accountChanged: Error = new AbortError("Another account has signed in.");

/** The tokens of one link: remembered ones, and those that are being acquired. */
export interface TokenState {
  readonly memory: Memory;
  readonly throttle: Throttle;
  /** Acquisitions that callers wait for. */
  readonly flights: Flights<IssuedToken>;
  /** Refreshes beside the callers. */
  readonly refreshes: Flights<IssuedToken>;
  /** Acquisitions so far that were equal to no other one. */
  unequal: number;
  /** The account of the last token. */
  account: string | undefined;
  /**
   * How often the account behind the source has changed, by `authenticate` or because a token
   * turned out to be another account's. No caller is served a token of before.
   */
  accountChanges: number;
  /** Why no token is served any more; `undefined` while the link is open. */
  closed: Error | undefined;
}

export function createTokenState(clock: Clock, eviction: Eviction, share?: ShareFlight): TokenState {
  return {
    memory: createMemory(eviction),
    throttle: createThrottle(clock),
    flights: createFlights(share),
    refreshes: createFlights(share),
    unequal: 0,
    account: undefined,
    accountChanges: 0,
    closed: undefined,
  };
}

/**
 * Another account may be signed in from now on: forgets all tokens; what is under way ends, and its
 * callers ask again.
 */
export function changeAccount(tokens: TokenState): void {
  tokens.accountChanges++;
  tokens.account = undefined;
  clearMemory(tokens.memory);
  const reason = tokens.closed ?? accountChanged;
  abortFlights(tokens.flights, reason);
  abortFlights(tokens.refreshes, reason);
}

/** Whether a token of this account is the first one of another account. */
export function isAnotherAccount({ account: last }: TokenState, account: string | undefined): boolean {
  return account !== undefined && last !== undefined && last !== account;
}

/**
 * The source has issued a token of this account, which may be on its way to a store for a while. If
 * it is another account than the last one, tokens in memory are forgotten at once.
 */
export function announceAccount(tokens: TokenState, account: string | undefined): void {
  if (isAnotherAccount(tokens, account)) clearMemory(tokens.memory);
}

/** Notes the account of a token; a token of another account than the last one is a change. */
export function noteAccount(tokens: TokenState, account: string | undefined): void {
  if (account === undefined) return;
  if (isAnotherAccount(tokens, account)) changeAccount(tokens);
  tokens.account = account;
}

/**
 * The options speak for another principal from now on: forgets all tokens; later calls join nothing
 * that is under way, which goes on for the callers who wait for it. The account of the last token
 * says nothing about the next one.
 */
export function changePrincipal(tokens: TokenState): void {
  clearMemory(tokens.memory);
  tokens.throttle.noted = undefined;
  releaseFlights(tokens.flights);
  releaseFlights(tokens.refreshes);
  tokens.account = undefined;
}

/** Ends all acquisitions with `reason` and forgets all tokens. */
export function closeTokens(tokens: TokenState, reason: Error): void {
  tokens.closed = reason;
  changeAccount(tokens);
}
