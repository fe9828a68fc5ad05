import type { AuthenticationRecord } from "../contract/source.ts";
import type { IdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";

/** The version of the format, that of the Azure SDKs. */
export const recordVersion = "1.0";
const names = ["authority", "homeAccountId", "clientId", "tenantId", "username"] as const;

/**
 * Returns the fields of an authentication record, and no others.
 *
 * @throws {AuthenticationError} `invalid-authentication-record`: a field is missing, or the version
 * is unknown
 */
export function checkAuthenticationRecord(value: unknown): AuthenticationRecord {
  const fields = Object(value) as Readonly<Record<string, unknown>>;
  if (fields.version !== undefined && fields.version !== recordVersion) throw invalidRecord("its version is unknown");
  const missing = names.filter((name) => typeof fields[name] !== "string" || fields[name] === "");
  if (missing.length > 0)
    throw invalidRecord(`${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing or not text`);
  return Object.fromEntries(names.map((name) => [name, fields[name]])) as unknown as AuthenticationRecord;
}

/** The error for a value that is not an authentication record. */
export function invalidRecord(reason: string): IdentityError {
  return outcomeError("misconfigured", `The value is not an AuthenticationRecord: ${reason}.`, {
    code: "invalid-authentication-record",
    remedy: "Sign in again, and use the record of that sign-in.",
  });
}

/**
 * The same for a record that a source is given, which belongs to one application.
 *
 * @param sourceName prefix of error messages
 * @throws {AuthenticationError} `foreign-authentication-record`, `invalid-authentication-record`
 */
export function checkRecordOfApplication(sourceName: string, clientId: string, value: unknown): AuthenticationRecord {
  const record = checkAuthenticationRecord(value);
  if (record.clientId.toLowerCase() === clientId.toLowerCase()) return record;
  throw outcomeError(
    "misconfigured",
    `${sourceName}: the authentication record belongs to the application ${record.clientId}.`,
    {
      code: "foreign-authentication-record",
      remedy: "Set `clientId` to that application, or sign in again and use the record of that sign-in.",
    },
  );
}
