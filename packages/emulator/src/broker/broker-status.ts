import { StsError } from "../entra/sts-error.ts";
import type { JsonObject } from "../http/message.ts";

/** How a broker says no, by the number that it writes. Names and numbers as in `ErrorStatus` of `@azure/msal-node-runtime`. */
export const brokerStatuses = {
  Unexpected: 0,
  InteractionRequired: 2,
  NoNetwork: 3,
  NetworkTemporarilyUnavailable: 4,
  ServerTemporarilyUnavailable: 5,
  ApiContractViolation: 6,
  UserCanceled: 7,
  ApplicationCanceled: 8,
  IncorrectConfiguration: 9,
  InsufficientBuffer: 10,
  AuthorityUntrusted: 11,
  UserSwitched: 12,
  AccountUnusable: 13,
  UserDataRemovalRequired: 14,
} as const;

export type BrokerStatus = keyof typeof brokerStatuses;

/** An answer without a token. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly status: BrokerStatus;

  constructor(status: BrokerStatus, context: string) {
    super(context);
    this.status = status;
  }
}

/** What a refusal of Entra's is to a broker. */
export function fromEntra(error: unknown): BrokerError {
  if (error instanceof BrokerError) return error;
  if (!(error instanceof StsError)) throw error;
  const asksPerson = error.error === "interaction_required" || error.error === "invalid_grant";
  const text = `AADSTS${error.code}: ${error.message}`;
  return new BrokerError(asksPerson ? "InteractionRequired" : "IncorrectConfiguration", text);
}

/** The error as a broker writes it. */
export function describeError({ status, message }: BrokerError): JsonObject {
  return { status: brokerStatuses[status], errorCode: 0, subStatus: 0, context: message, tag: 0 };
}
