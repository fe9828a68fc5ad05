import {
  type AuthenticationRecord,
  checkAuthenticationRecord,
  invalidRecord,
  outcomeError,
  parseJsonObject,
  recordVersion,
} from "@azidentity/core/plugin";

/** A record has a few hundred characters. */
const maxLength = 4_096;

/**
 * Serializes a record as JSON, in the format of the Azure SDKs. The text has no secret, but names a
 * user.
 *
 * @throws {AuthenticationError} `invalid-authentication-record`: a field of the record is missing.
 */
export function serializeAuthenticationRecord(record: AuthenticationRecord): string {
  const { authority, homeAccountId, tenantId, username, clientId } = checkAuthenticationRecord(record);
  return JSON.stringify({ authority, homeAccountId, tenantId, username, clientId, version: recordVersion });
}

/**
 * Parses a record that this package or an Azure SDK has serialized.
 *
 * @throws {AuthenticationError} `invalid-authentication-record`: the text is not a record, or has
 *   an unknown version.
 */
export function deserializeAuthenticationRecord(serializedRecord: string): AuthenticationRecord {
  const text = typeof serializedRecord === "string" && serializedRecord.length <= maxLength ? serializedRecord : "";
  const fields = parseJsonObject(text);
  if (fields === undefined) throw invalidRecord("it is not a JSON object");
  return checkAuthenticationRecord(fields);
}

/**
 * Throws if a record names another user than its account: it was edited, or the user has been
 * renamed since.
 */
export function checkSameUser(record: AuthenticationRecord, stored: AuthenticationRecord): void {
  if (record.username.toLowerCase() !== stored.username.toLowerCase())
    throw invalidRecord("its account has another username");
}

/** Throws if another account than the expected one has signed in. */
export function checkAccount(sourceName: string, expected: AuthenticationRecord, found: AuthenticationRecord): void {
  if (found.homeAccountId === expected.homeAccountId) return;
  throw outcomeError("rejected", `${sourceName}: ${found.username} signed in instead of ${expected.username}.`, {
    code: "another-account",
    remedy: `Sign in as ${expected.username}, or call authenticate() to switch to another account.`,
  });
}
