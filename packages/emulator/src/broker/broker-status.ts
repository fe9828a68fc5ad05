import { StsError } from "../entra/sts-error.ts";
import type { JsonObject } from "../http/message.ts";

/**
 * The error statuses of a broker. Source of names and numbers: `ErrorStatus` of
 * `@azure/msal-node-runtime`.
 */
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

/** The name of an error status of the broker. */
export type BrokerStatus = keyof typeof brokerStatuses;

/** An error response of the broker. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly status: BrokerStatus;

  constructor(status: BrokerStatus, context: string) {
    super(context);
    this.status = status;
  }
}

/**
 * Converts an error of Entra to the status that a broker returns for it; throws any other error
 * again.
 */
export function fromEntra(error: unknown): BrokerError {
  if (error instanceof BrokerError) return error;
  if (!(error instanceof StsError)) throw error;
  const requiresInteraction = error.error === "interaction_required" || error.error === "invalid_grant";
  const text = `AADSTS${error.code}: ${error.message}`;
  return new BrokerError(requiresInteraction ? "InteractionRequired" : "IncorrectConfiguration", text);
}

/** The body of the error. */
export function describeError({ status, message }: BrokerError): JsonObject {
  return { status: brokerStatuses[status], errorCode: 0, subStatus: 0, context: message, tag: 0 };
}
