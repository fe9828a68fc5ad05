import {
  type AuthenticationRecord,
  type IdentityError,
  isGuid,
  outcomeError,
  parseJsonObject,
} from "@azidentity/core/plugin";

const version = "1.0";
const names = ["authority", "homeAccountId", "clientId", "tenantId", "username"] as const;
/** A record has a few hundred characters. */
const maxLength = 4_096;

/**
 * Serializes a record as JSON, in the format of the Azure SDKs. The text has no secret, but names a
 * user.
 *
 * @throws {ConfigurationError} `invalid-authentication-record`: a field of the record is missing.
 */
export function serializeAuthenticationRecord(record: AuthenticationRecord): string {
  const { authority, homeAccountId, tenantId, username, clientId } = checkAuthenticationRecord(record);
  return JSON.stringify({ authority, homeAccountId, tenantId, username, clientId, version });
}

/**
 * Parses a record that this package or an Azure SDK has serialized.
 *
 * @throws {ConfigurationError} `invalid-authentication-record`: the text is not a record, or has an
 * unknown version.
 */
export function deserializeAuthenticationRecord(serializedRecord: string): AuthenticationRecord {
  const text = typeof serializedRecord === "string" && serializedRecord.length <= maxLength ? serializedRecord : "";
  const fields = parseJsonObject(text);
  if (fields === undefined) throw invalid("it is not a JSON object");
  return checkAuthenticationRecord(fields);
}

/** Returns the fields of a record, and no others; throws if one is missing. */
export function checkAuthenticationRecord(value: object): AuthenticationRecord {
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields.version !== undefined && fields.version !== version) throw invalid("its version is unknown");
  const missing = names.filter((name) => typeof fields[name] !== "string" || fields[name] === "");
  if (missing.length > 0)
    throw invalid(`${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing or not text`);
  const [authority, homeAccountId, clientId, tenantId, username] = names.map((name) => fields[name] as string);
  return { authority, homeAccountId, clientId, tenantId, username } as AuthenticationRecord;
}

/**
 * Throws if a record names another user than its account: it was edited, or the user has been
 * renamed since.
 */
export function checkSameUser(record: AuthenticationRecord, stored: AuthenticationRecord): void {
  if (record.username.toLowerCase() !== stored.username.toLowerCase())
    throw invalid("its account has another username");
}

/** Throws if the token is for another tenant than the requested one. */
export function checkTenant(sourceName: string, requested: string, { tenantId }: AuthenticationRecord): void {
  if (!isGuid(requested) || requested.toLowerCase() === tenantId.toLowerCase()) return;
  throw outcomeError("rejected", `${sourceName}: the tenant ${requested} was requested, but ${tenantId} answered.`, {
    code: "another-tenant",
    remedy: "Sign in with an account that is a member or a guest of that tenant.",
  });
}

/** Throws if another account than the expected one has signed in. */
export function checkAccount(sourceName: string, expected: AuthenticationRecord, found: AuthenticationRecord): void {
  if (found.homeAccountId === expected.homeAccountId) return;
  throw outcomeError("rejected", `${sourceName}: ${found.username} signed in instead of ${expected.username}.`, {
    code: "another-account",
    remedy: `Sign in as ${expected.username}, or call authenticate() to switch to another account.`,
  });
}

function invalid(reason: string): IdentityError {
  return outcomeError("misconfigured", `The value is not an AuthenticationRecord: ${reason}.`, {
    code: "invalid-authentication-record",
    remedy: "Call authenticate() again, and store the text that serializeAuthenticationRecord returns for its result.",
  });
}
