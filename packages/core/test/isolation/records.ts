import { AsyncLocalStorage } from "node:async_hooks";
import type { OutcomeCode } from "../../src/plugin.ts";
import type { FakeClock } from "../../src/testing.ts";
import type { Asked, LinkMeaning, Principal, Process } from "./model.ts";
import { canonical } from "./tenants.ts";
import type { World } from "./world.ts";

/** What a token of this test says. */
export interface Payload extends Omit<Asked, "tenant" | "user"> {
  readonly acquisition: number;
  readonly principal: Principal;
}

/** What a source refused, and why. */
export interface Refusal extends Payload {
  readonly outcome: OutcomeCode;
}

/** One call of a caller. Ticks count all that happens; versions are those of the world. */
export interface Call {
  readonly id: number;
  readonly title: string;
  readonly process: Process;
  /** The link that was named; several: a chain. */
  readonly links: readonly LinkMeaning[];
  readonly asked: Asked;
  readonly isExplain: boolean;
  readonly began: { readonly tick: number; readonly version: number; readonly wall: number };
  ended?: { readonly tick: number; readonly version: number };
  answer?: Payload;
  /** When the token of the answer is due to be refreshed. */
  refreshAfter?: number;
  /** What `explain` said instead of an answer. */
  explained?: Partial<Principal>;
  error?: unknown;
  /** What the error was for, if a source said it. */
  refused?: Refusal;
  aborted?: boolean;
}

/** How an application proves that it is the principal of its token. */
export interface Proof extends Partial<Principal> {
  readonly certificate: string;
}

/** One question to a source. */
export interface Acquisition {
  readonly id: number;
  readonly source: string;
  /** The call on whose behalf it began. */
  readonly starter: Call;
  readonly background: boolean;
  /** For whom an application asked, and with which certificate. */
  readonly proof?: Proof;
  /** The state of the world when the source was asked. */
  readonly version: number;
  readonly began: number;
  ended?: number;
  /** Whether it ended with a token, and not with a refusal. */
  hasToken?: boolean;
}

export interface Running<T> {
  readonly call: Call;
  readonly result: Promise<T>;
}

/** A sign-in through `authenticate` that has ended. */
export interface SignIn {
  readonly link: string;
  readonly tick: number;
  readonly version: number;
}

export interface Records {
  readonly signIns: readonly SignIn[];
  /** Notes that a person has signed in through a link. */
  signedIn(link: string): void;
  readonly calls: readonly Call[];
  readonly acquisitions: readonly Acquisition[];
  /** Runs a call; its acquisitions know it as their starter. */
  call<T>(what: Pick<Call, "title" | "process" | "links" | "asked" | "isExplain">, run: () => Promise<T>): Running<T>;
  /** The call on whose behalf a source is working. */
  readonly current: Call;
  begin(source: string, background: boolean, proof?: Proof): Acquisition;
  end<T>(acquisition: Acquisition, issued: T): T;
  /** Notes what was refused; the text leads an error back to it. */
  fail(refused: Refusal): string;
  readonly running: number;
}

export function payloadOf(token: string): Payload {
  return JSON.parse(Buffer.from(token.split(".")[1] as string, "base64url").toString()).payload;
}

export function createRecords(world: World, clock: FakeClock): Records {
  const calls: Call[] = [];
  const acquisitions: Acquisition[] = [];
  const current = new AsyncLocalStorage<Call>();
  const signIns: SignIn[] = [];
  const refusals: Refusal[] = [];
  let tick = 0;
  let running = 0;

  const starterOf = (): Call => {
    const call = current.getStore();
    if (call === undefined) throw new TypeError("A source was asked without a call.");
    return call;
  };

  const note = (call: Call, result: unknown) => {
    const { token, refreshAfterTimestamp, winner, principal, attempts } = Object(result);
    if (typeof token === "string") {
      call.answer = payloadOf(token);
      call.refreshAfter = refreshAfterTimestamp;
    } else if (attempts !== undefined && winner !== undefined) {
      const { tenantId, clientId, objectId, username } = principal ?? {};
      call.explained = {
        tenant: tenantId && canonical(tenantId),
        client: clientId ?? "",
        user: objectId ?? "",
        account: username ?? "",
      };
    }
  };

  return {
    signIns,
    signedIn: (link) => void signIns.push({ link, tick: ++tick, version: world.version }),
    calls,
    acquisitions,
    call(what, run) {
      const began = { tick: ++tick, version: world.version, wall: clock.now() };
      const call: Call = { ...what, id: calls.length, began };
      calls.push(call);
      running++;
      const end = () => {
        call.ended = { tick: ++tick, version: world.version };
        running--;
      };
      const result = current.run(call, run);
      result
        .then(
          (done) => note(call, done),
          (error) => {
            call.error = error;
            const [, place] = /Refusal (\d+)/.exec(String(error)) ?? [];
            if (place !== undefined) call.refused = refusals[Number(place)];
          },
        )
        .finally(end);
      return { call, result };
    },
    get current() {
      return starterOf();
    },
    begin(source, background, proof) {
      const starter = starterOf();
      const { version } = world;
      const acquisition = { id: acquisitions.length, source, starter, background, proof, version, began: ++tick };
      acquisitions.push(acquisition);
      return acquisition;
    },
    end(acquisition, issued) {
      acquisition.ended = ++tick;
      acquisition.hasToken = true;
      return issued;
    },
    fail(refused) {
      (acquisitions[refused.acquisition] as Acquisition).ended = ++tick;
      return `Refusal ${refusals.push(refused) - 1} of the test.`;
    },
    get running() {
      return running;
    },
  };
}
