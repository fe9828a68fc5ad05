import type { StsErrorCode } from "../entra/sts-error-table.ts";
import { type ArcChallengeForm, arcChallengeForms } from "../hosts/arc-challenges.ts";
import { type ExpiryForm, expiryForms } from "../hosts/expiry.ts";
import type { JsonObject } from "../http/message.ts";
import { type ChallengeForm, challengeForms } from "../resource-server/challenges.ts";
import { type ServiceName, serviceNames } from "../service-names.ts";

/** What goes wrong, and for which requests. Plain data: every field may be left out, but something has to go wrong. */
export interface Fault {
  /** Whose requests it meets: `"entra"`, `"imds"` ... Default: everybody's. */
  readonly service?: ServiceName;
  /** End of the path of the requests that it meets, such as `"token"` or `"/discovery/v2.0/keys"`. Default: every path. */
  readonly path?: string;
  /** Method of the requests that it meets. Default: every method. */
  readonly method?: string;
  /** How many requests it meets before it is used up; `Infinity` for all of them. Default: 1. */
  readonly times?: number;

  /** Milliseconds to wait before anything is answered. */
  readonly delay?: number;
  /**
   * - `hang`: nothing is ever answered; the connection stays open until the client leaves or the emulator closes.
   * - `reset`: the connection is closed without an answer.
   * - `truncate`: the connection is closed after one half of the body that Content-Length promised.
   * - `stall`: it stays open after that half, and nothing more comes.
   */
  readonly connection?: "hang" | "reset" | "truncate" | "stall";
  /** HTTP status. From 400 on the body is an error of the service's, unless `body` says otherwise; from 300 to 399 it is empty. */
  readonly status?: number;
  /** Headers to add to the answer, or to replace in it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Number of an AADSTS error to answer with, at Entra. */
  readonly error?: StsErrorCode;
  /** Form of the `WWW-Authenticate` header of a refusal, at the vault, the API and Arc. The status is 401, unless `status` says otherwise. */
  readonly challenge?: ChallengeForm | ArcChallengeForm;
  /** Form in which the lifetime of the token is told, at the managed-identity hosts. */
  readonly expiry?: ExpiryForm;
  /** Body to send instead of the emulator's own: an object as JSON, text and bytes as they are. */
  readonly body?: string | Uint8Array | JsonObject;
  /**
   * Claims to replace in the tokens of Entra's JSON answer, by the field that holds the token: `{ id_token: { nonce: "another" } }`. The
   * tokens are signed anew; `undefined` leaves a claim out.
   */
  readonly claims?: Readonly<Record<string, JsonObject>>;
  /** Fields to replace in a JSON answer; `undefined` leaves the field out. */
  readonly rewrite?: JsonObject;
}

const effects = [
  "delay",
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
const challenges = [...challengeForms, ...arcChallengeForms];

/** Refuses a fault that could not do what its author meant. */
export function checkFault(fault: Fault): void {
  if (effects.every((effect) => fault[effect] === undefined)) {
    throw new TypeError(`A fault says what goes wrong: one of ${effects.join(", ")}.`);
  }
  checkNames(fault);
  const { times = 1, delay = 0, status = 200 } = fault;
  if (times !== Infinity && !(Number.isInteger(times) && times > 0)) {
    throw new RangeError("A fault's `times` is a positive integer or Infinity.");
  }
  if (!Number.isFinite(delay) || delay < 0) throw new RangeError("A fault's `delay` is a number of milliseconds.");
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError("A fault's `status` is an HTTP status from 200 to 599.");
  }
}

function checkNames({ service, challenge, expiry }: Fault): void {
  const names = [
    ["service", service, serviceNames],
    ["challenge", challenge, challenges],
    ["expiry", expiry, expiryForms],
  ] as const;
  for (const [field, value, known] of names) {
    if (value !== undefined && !(known as readonly string[]).includes(value)) {
      throw new TypeError(`A fault's \`${field}\` is one of ${known.join(", ")}.`);
    }
  }
}
