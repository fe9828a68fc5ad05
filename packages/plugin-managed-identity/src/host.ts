import type { HttpRequest, HttpResponse, OutcomeCode, RetryTable, TokenRequest } from "@azidentity/core/plugin";
import type { Identity, IdKind } from "./identity.ts";
import type { Env, Machine } from "./machine.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** What a request to a host is made of. */
export interface Asked {
  /** What the token is for, as the host wants it: without `/.default`. */
  readonly resource: string;
  readonly identity: Identity;
  readonly env: Env;
  readonly machine: Machine;
  readonly request: Pick<TokenRequest, "enableCae" | "refusedToken">;
  readonly evidence: Evidence;
}

/** What is known of the host while it is asked. */
export interface Evidence {
  /** Where there is none, what answers may be another service at the same address. */
  exists(): boolean;
  /** Takes note of what an answer says of the host. */
  see(answer: HttpResponse): void;
}

/** The words of an error body, whatever form it has. */
export interface Said {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string | undefined;
  readonly correlationId: string | undefined;
  /** Whether the body was JSON at all: hosts answer in JSON, whatever else stands there does not. */
  readonly isJson: boolean;
}

/** What a refusal means. */
export interface Verdict {
  readonly outcome: OutcomeCode;
  readonly code: string;
  /** One sentence for people, in place of what the host said. */
  readonly meaning?: string;
  readonly remedy?: string;
}

/** Says that these variables are set, when they all are. */
export function allSet(env: Env, names: readonly string[]): string | undefined {
  if (names.some((name) => env[name] === undefined)) return undefined;
  const [last, ...others] = [...names].reverse();
  return others.length === 0 ? `${last} is set.` : `${others.reverse().join(", ")} and ${last} are set.`;
}

/** A kind of host that gives the programs on it tokens. Data first: the table of hosts decides, nobody else knows them. */
export interface Host {
  /** How options, walks and errors call it. */
  readonly name: string;
  /** Variables without which it cannot be asked. */
  readonly needs: readonly string[];
  /** What tells that the program runs there, as one sentence of names; `undefined` when nothing does. Looks, and asks nobody. */
  detect(env: Env, machine: Machine): string | undefined;
  /** The ids of user-assigned identities that it honours. */
  readonly supports: readonly IdKind[];
  /** Throws when the environment does not hold what it takes. */
  request(asked: Asked): HttpRequest;
  /** What it means by a refusal; `undefined` for the common meaning. */
  parseError(said: Said, asked: Asked): Verdict | undefined;
  /** For hosts that want a proof first: the request that answers a refusal. */
  prove?(refusal: HttpResponse, refused: HttpRequest, asked: Asked): Promise<HttpRequest>;
  /** Throws when the token may be another identity's. */
  confirm?(fields: Fields, asked: Asked): void;
  /** Milliseconds that one answer may take. */
  readonly patienceMs: number;
  readonly retries: RetryTable;
}
