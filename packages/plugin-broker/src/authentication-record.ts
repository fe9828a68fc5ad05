import { type AuthenticationErrorCode, type AuthenticationRecord, outcomeError } from "@azidentity/core/plugin";

const fieldNames = ["authority", "homeAccountId", "clientId", "tenantId", "username"] as const;

/** Returns the record without other fields, if it is complete and belongs to the application. */
export function checkRecord(label: string, value: unknown, clientId: string): AuthenticationRecord {
  const fields = Object(value) as Readonly<Record<string, unknown>>;
  const refuse = (problem: string, code: AuthenticationErrorCode = "invalid-authentication-record") =>
    outcomeError("misconfigured", `${label}: ${problem}.`, {
      code,
      remedy: "Sign in again, and save the new record.",
    });
  if (fields.version !== undefined && fields.version !== "1.0") throw refuse("the record has an unknown version");
  const missing = fieldNames.filter((name) => typeof fields[name] !== "string" || fields[name] === "");
  if (missing.length > 0) throw refuse(`the record has no ${missing.join(", ")}`);
  const record = Object.fromEntries(fieldNames.map((name) => [name, fields[name]])) as unknown as AuthenticationRecord;
  if (record.clientId.toLowerCase() !== clientId.toLowerCase())
    throw refuse("the record belongs to another application", "foreign-authentication-record");
  return record;
}
