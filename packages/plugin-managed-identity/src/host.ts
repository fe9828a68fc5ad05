import type {
  AuthenticationErrorCode,
  HttpRequest,
  HttpResponse,
  OutcomeCode,
  RetryTable,
  TokenRequest,
} from "@azidentity/core/plugin";
import type { Env, Machine } from "./machine.ts";
import type { IdKind, ManagedIdentityId } from "./managed-identity-id.ts";

/** The members of a JSON object in a response. */
export type Fields = Readonly<Record<string, unknown>>;

/** The input of one token request to a host. */
export interface HostCall {
  /** The resource in the form that hosts require: the scope without `/.default`. */
  readonly resource: string;
  readonly identity: ManagedIdentityId;
  readonly env: Env;
  readonly machine: Machine;
  readonly request: Pick<TokenRequest, "enableCae" | "refusedToken">;
  readonly evidence: Evidence;
}

/** The evidence that the host exists; responses add to it. */
export interface Evidence {
  /** Whether variables or an option name the host, so that it exists even while it is silent. */
  readonly isConfigured: boolean;
  /** Without evidence, a response may come from another service at the same address. */
  exists(): boolean;
  /** Records what a response shows about the host. */
  record(response: HttpResponse): void;
}

/** The body of an error response, independent of the form that the host uses. */
export interface HostErrorBody {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string | undefined;
  readonly correlationId: string | undefined;
  /** Whether the body is JSON. Hosts answer in JSON; proxies and gateways often do not. */
  readonly isJson: boolean;
}

/** How an error response is classified. */
export interface ErrorClass {
  readonly outcome: OutcomeCode;
  readonly code: AuthenticationErrorCode;
  /** One sentence that explains the error to the user. */
  readonly meaning?: string | undefined;
  readonly remedy?: string;
  /**
   * Whether the sources that follow sign in as the same user, so that a chain goes on even if it
   * names this source.
   */
  readonly hasSameUserNext?: boolean;
}

/** A sentence that lists the variables, if all of them are set. */
export function allSet(env: Env, names: readonly string[]): string | undefined {
  if (names.some((name) => env[name] === undefined)) return undefined;
  const [last, ...others] = [...names].reverse();
  return others.length === 0 ? `${last} is set.` : `${others.reverse().join(", ")} and ${last} are set.`;
}

/** A kind of Azure host that issues tokens to the programs that run on it. */
export interface Host {
  /** The name in options, walks and errors. */
  readonly name: string;
  /** The variables that a request needs. */
  readonly requiredVariables: readonly string[];
  /**
   * The evidence that the program runs on this host, as one sentence of names; `undefined` when
   * there is none. Sends no request.
   */
  detect(env: Env, machine: Machine): string | undefined;
  /** The kinds of ids of user-assigned identities that the host accepts. */
  readonly supportedIds: readonly IdKind[];
  /** The token request. Throws when the environment is incomplete or malformed. */
  request(call: HostCall): HttpRequest | Promise<HttpRequest>;
  /** The meaning of an error response; `undefined` for the meaning that all hosts share. */
  parseError(body: HostErrorBody, call: HostCall): ErrorClass | undefined;
  /** For hosts that send a challenge: the request that answers the response with status 401. */
  answerChallenge?(challenge: HttpResponse, challenged: HttpRequest, call: HostCall): Promise<HttpRequest>;
  /** Throws when the token may belong to another identity. */
  confirmIdentity?(fields: Fields, call: HostCall): void | Promise<void>;
  /**
   * Milliseconds within which the response to each request of one attempt must arrive. A request
   * without a response is followed by the next one, on a fresh connection: one that was kept alive
   * may be dead.
   */
  readonly requestTimeoutsMs: readonly number[];
  readonly retries: RetryTable;
}

/** The limits of hosts that variables announce. Some take 20 s for the first token. */
export const hostRequestTimeoutsMs: readonly number[] = [8_000, 21_000];

const serverErrors = Array.from({ length: 100 }, (_, index) => 500 + index);

/**
 * The statuses that are retried. 404: the host is not ready yet. 410: the host is being updated,
 * which takes up to 70 seconds. 0: nothing listens. The endpoints that a platform starts beside the
 * program are asked for 25 seconds then, so that the error comes within 30. Source:
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#retry-guidance
 */
export const hostRetries: RetryTable = {
  statuses: [0, 404, 408, 410, 429, ...serverErrors],
  delaysMs: [1_000, 2_000, 4_000],
  minimumTotalMs: { 0: 25_000, 410: 70_000 },
};

/** For hosts where 404 is final: the identity does not exist. */
export const retriesWithoutNotFound: RetryTable = {
  ...hostRetries,
  statuses: hostRetries.statuses.filter((status) => status !== 404),
};

const sha256 = (text: string) =>
  process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");

/**
 * The parameters that name a refused token, so that the host does not return it again. The claims
 * themselves are never sent to hosts.
 */
export function refusedTokenParameters({ refusedToken }: Pick<TokenRequest, "refusedToken">): Record<string, string> {
  return refusedToken === undefined ? {} : { xms_cc: "cp1", token_sha256_to_refresh: sha256(refusedToken) };
}

/**
 * Milliseconds within which the response to each request of one attempt must arrive. Where there is
 * one request only, it has the time of all of them.
 */
export function limitsOf(
  { requestTimeoutsMs }: Pick<Host, "requestTimeoutsMs">,
  isOnlyRequest: boolean,
): readonly number[] {
  return isOnlyRequest ? [requestTimeoutsMs.reduce((sum, ms) => sum + ms, 0)] : requestTimeoutsMs;
}
