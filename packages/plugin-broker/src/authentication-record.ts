import { type AuthenticationErrorCode, type AuthenticationRecord, outcomeError } from "@azidentity/core/plugin";

const names = ["authority", "homeAccountId", "clientId", "tenantId", "username"] as const;

/** The record alone, if it is whole and of that application: nobody signs in with what another one was given. */
export function checkRecord(who: string, value: unknown, clientId: string): AuthenticationRecord {
  const fields = Object(value) as Readonly<Record<string, unknown>>;
  const refuse = (problem: string, code: AuthenticationErrorCode = "invalid-authentication-record") =>
    outcomeError("misconfigured", `${who}: ${problem}.`, {
      code,
      remedy: "Sign in once more, and keep the new record.",
    });
  if (fields.version !== undefined && fields.version !== "1.0")
    throw refuse("the record is of a version that is not known");
  const missing = names.filter((name) => typeof fields[name] !== "string" || fields[name] === "");
  if (missing.length > 0) throw refuse(`the record has no ${missing.join(", ")}`);
  const record = Object.fromEntries(names.map((name) => [name, fields[name]])) as unknown as AuthenticationRecord;
  if (record.clientId.toLowerCase() !== clientId.toLowerCase())
    throw refuse("the record is of another application", "foreign-authentication-record");
  return record;
}
