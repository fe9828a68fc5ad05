import type { HttpResponse } from "@azidentity/core/plugin";
import { fieldsOf } from "./read-token.ts";

/**
 * Never evidence at the fixed address: services of other clouds answer there with these statuses.
 */
const ambiguousStatuses = [401, 403, 404];

/** Codes such as `invalid_request`, as opposed to `Bad Gateway`. */
const snakeCase = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/**
 * Whether a response has the form of Azure's metadata service: a token, or an error as in OAuth 2.0
 * (RFC 6749, section 5.2), with `newest-versions` where the version is wrong. Proxies and services
 * of other clouds do not use this form. Source:
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling
 */
export function isImdsResponse(response: HttpResponse): boolean {
  const { status } = response;
  if (ambiguousStatuses.includes(status) || (status !== 200 && status < 400)) return false;
  const fields = fieldsOf(response);
  if (fields === undefined) return false;
  if (status === 200) return isText(fields.access_token);
  const { error, error_description: description } = fields;
  if (isText(error)) return snakeCase.test(error) || isText(description) || Array.isArray(fields["newest-versions"]);
  const { code, message } = Object(error) as Record<string, unknown>;
  return isText(code) && isText(message);
}

/**
 * Whether the metadata service at its fixed address has answered this process. The source keeps one
 * for all its credentials.
 */
export interface ImdsHistory {
  readonly hasAnswered: boolean;
  /** Records a response from the fixed address. */
  record(response: HttpResponse): void;
}

export function createImdsHistory(): ImdsHistory {
  let hasAnswered = false;
  return {
    get hasAnswered() {
      return hasAnswered;
    },
    record(response) {
      hasAnswered ||= isImdsResponse(response);
    },
  };
}
