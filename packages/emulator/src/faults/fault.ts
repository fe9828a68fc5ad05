import type { StsErrorCode } from "../entra/sts-error-table.ts";
import { type ArcChallengeFormat, arcChallengeFormats } from "../hosts/arc-challenges.ts";
import { type ExpiryFormat, expiryFormats } from "../hosts/expiry.ts";
import type { JsonObject } from "../http/message.ts";
import { type ChallengeFormat, challengeFormats } from "../resource-server/challenges.ts";
import { type ServiceName, serviceNames } from "../service-names.ts";

/**
 * A fault as plain data: which requests it applies to, and the effects. It needs at least one
 * effect.
 */
export interface Fault {
  /** The service whose requests it applies to: `"entra"`, `"imds"` ... Default: all. */
  readonly service?: ServiceName;
  /** The end of the path, such as `"token"` or `"/discovery/v2.0/keys"`. Default: all paths. */
  readonly path?: string;
  /** The HTTP method. Default: all methods. */
  readonly method?: string;
  /** The number of requests it applies to; `Infinity` for all. Default: 1. */
  readonly times?: number;

  /** Milliseconds before the response. */
  readonly delayMs?: number;
  /**
   * - `hang`: no response; the connection stays open until the client or the emulator closes it.
   * - `reset`: the connection is closed without a response.
   * - `truncate`: the connection is closed after half of the body.
   * - `stall`: the connection stays open after half of the body.
   */
  readonly connection?: "hang" | "reset" | "truncate" | "stall";
  /**
   * HTTP status. Without `body`, statuses from 400 on have an error body of the service, and 300 to
   * 399 an empty one.
   */
  readonly status?: number;
  /** Headers to add to the response, or to replace in it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The AADSTS number of an error response. Supported by Entra. */
  readonly error?: StsErrorCode;
  /**
   * A `WWW-Authenticate` header. Supported by the vault, the API and Azure Arc. Default of `status`
   * with it: 401.
   */
  readonly challenge?: ChallengeFormat | ArcChallengeFormat;
  /** The format of the token's expiry. Supported by the managed-identity hosts. */
  readonly expiry?: ExpiryFormat;
  /** The response body: an object as JSON, text and bytes verbatim. */
  readonly body?: string | Uint8Array | JsonObject;
  /**
   * Claims to replace in the tokens of a JSON response, by field: `{ id_token: { nonce: "another" }
   * }`. The tokens are signed again; `undefined` omits a claim. Supported by Entra.
   */
  readonly claims?: Readonly<Record<string, JsonObject>>;
  /** Fields to replace in a JSON response; `undefined` omits a field. */
  readonly rewrite?: JsonObject;
}

const effects = [
  "delayMs",
  "connection",
  "status",
  "headers",
  "error",
  "challenge",
  "expiry",
  "body",
  "claims",
  "rewrite",
] as const;
const challenges = [...challengeFormats, ...arcChallengeFormats];

/**
 * Throws for a fault without an effect, and for one with an unknown name or a value out of range.
 */
export function checkFault(fault: Fault): void {
  if (effects.every((effect) => fault[effect] === undefined)) {
    throw new TypeError(`A fault needs an effect: one of ${effects.join(", ")}.`);
  }
  checkNames(fault);
  const { times = 1, delayMs = 0, status = 200 } = fault;
  if (times !== Infinity && !(Number.isInteger(times) && times > 0)) {
    throw new RangeError("A fault's `times` is a positive integer or Infinity.");
  }
  if (!Number.isFinite(delayMs) || delayMs < 0)
    throw new RangeError("A fault's `delayMs` is a number of milliseconds from 0 on.");
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError("A fault's `status` is an HTTP status from 200 to 599.");
  }
}

function checkNames({ service, challenge, expiry }: Fault): void {
  const names = [
    ["service", service, serviceNames],
    ["challenge", challenge, challenges],
    ["expiry", expiry, expiryFormats],
  ] as const;
  for (const [field, value, known] of names) {
    if (value !== undefined && !(known as readonly string[]).includes(value)) {
      throw new TypeError(`A fault's \`${field}\` is one of ${known.join(", ")}.`);
    }
  }
}
