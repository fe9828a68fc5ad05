import { accessToken } from "../contract/access-token.ts";
import type { IssuedToken, NormalizedRequest, TokenRequest } from "../contract/token.ts";
import type { Entry } from "./entry.ts";
import type { Freshness } from "./freshness.ts";
import type { Memory, Place } from "./memory.ts";
import { type Arrival, type SignIns, superseded } from "./sign-ins.ts";
import type { Throttle } from "./throttle.ts";

export interface AcquisitionSettings<R> {
  readonly memory: Memory;
  readonly throttle: Throttle;
  readonly signIns: SignIns;
  readonly timesOf: Freshness["timesOf"];
  readonly remembers: boolean;
  readonly accountState: (() => string | undefined) | undefined;
  readonly acquire: (request: TokenRequest & R) => Promise<IssuedToken>;
  /** Goes up whenever the source's options speak for another principal than before. */
  readonly generation: () => number;
}

/** What was so when a token was asked for. By the time it is there, much may have happened. */
interface Departure {
  readonly era: number;
  readonly generation: number;
  readonly signIn: number;
  /** The tool may change its account before it answers. */
  readonly account: string | undefined;
  readonly entry: Entry | undefined;
}

/** Asks the source, and puts its token into memory unless that would undo what has happened meanwhile. */
export type Acquire<R> = (
  request: NormalizedRequest & R,
  place: Place,
  background: boolean,
  signal: AbortSignal,
) => Promise<Arrival>;

export function createAcquire<R>(settings: AcquisitionSettings<R>): Acquire<R> {
  const { memory, throttle, signIns, accountState } = settings;
  const find = ({ tenant, user, scope, cae }: Place) => memory.at(tenant, user, scope, cae);

  const mayKeep = (request: NormalizedRequest, place: Place, since: Departure): boolean => {
    if (!settings.remembers || request.proofOfPossession !== undefined) return false;
    if (accountState?.() !== since.account) return false; // somebody else signed in while the tool ran: whose token this is, nobody knows
    if (request.claims !== undefined) return true;
    const there = find(place);
    const isNewer = there !== undefined && there !== since.entry && there.account === since.account;
    return !isNewer; // it may answer a challenge that refused such a token as this
  };

  return async (request, place, background, signal) => {
    const since: Departure = {
      era: memory.era,
      generation: settings.generation(),
      signIn: signIns.current,
      account: accountState?.(),
      entry: find(place),
    };
    const refusedToken = request.claims === undefined ? undefined : since.entry?.token.token;
    try {
      const issued = await settings.acquire(Object.freeze({ ...request, refusedToken, background, signal }));
      if (since.signIn !== signIns.current) throw superseded;
      // for another principal than the source speaks for now: its waiters meant it, later callers do not
      if (since.generation !== settings.generation()) return { token: accessToken(issued), signIn: signIns.current };
      throttle.clear(place.tenant);
      const isOfThisEra = since.era === memory.era; // compared before the next line, by which a new account ends all tokens but its own
      signIns.note(issued.account);
      const token = accessToken(issued);
      if (isOfThisEra && mayKeep(request, place, since))
        memory.put(place, { token, account: since.account, ...settings.timesOf(issued) });
      return { token, signIn: signIns.current };
    } catch (error) {
      if (since.generation === settings.generation()) throttle.note(place.tenant, error);
      throw error;
    }
  };
}
