import type { HttpResponse } from "@azidentity/core/plugin";
import { fieldsOf } from "./read-token.ts";

/** On a guessed address these are no evidence, whatever comes with them: other clouds answer so at the same address. */
const statusesOfOthers = [401, 403, 404];

/** Codes such as `invalid_request`, as opposed to `Bad Gateway`. */
const snakeCase = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/**
 * Whether an answer is worded as the metadata service of Azure words its own: a token, or an error as in OAuth 2.0 (RFC 6749, section 5.2),
 * with `newest-versions` where the version is wrong. No proxy and no service of another cloud answers so.
 * Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling
 */
export function isOwnAnswer(response: HttpResponse): boolean {
  const { status } = response;
  if (statusesOfOthers.includes(status) || (status !== 200 && status < 400)) return false;
  const fields = fieldsOf(response);
  if (fields === undefined) return false;
  if (status === 200) return isText(fields.access_token);
  const { error, error_description: description } = fields;
  if (isText(error)) return snakeCase.test(error) || isText(description) || Array.isArray(fields["newest-versions"]);
  const { code, message } = Object(error) as Record<string, unknown>;
  return isText(code) && isText(message);
}

/** What the metadata service at its fixed address has shown of itself in this process; kept by the source, for all its credentials. */
export interface Sighting {
  readonly hasAnswered: boolean;
  /** Takes note of an answer from the fixed address. */
  note(response: HttpResponse): void;
}

export function createSighting(): Sighting {
  let hasAnswered = false;
  return {
    get hasAnswered() {
      return hasAnswered;
    },
    note(response) {
      hasAnswered ||= isOwnAnswer(response);
    },
  };
}
