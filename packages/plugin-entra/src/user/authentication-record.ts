import { type AuthenticationRecord, type IdentityError, outcomeError, parseJsonObject } from "@azidentity/core/plugin";

const version = "1.0";
const names = ["authority", "homeAccountId", "clientId", "tenantId", "username"] as const;
/** A record is a few hundred characters; more is something else. */
const longest = 4_096;

/** The record as text, in the format of the Azure SDKs. Holds no secret, but names a person. */
export function serializeAuthenticationRecord(record: AuthenticationRecord): string {
  const { authority, homeAccountId, tenantId, username, clientId } = checkAuthenticationRecord(record);
  return JSON.stringify({ authority, homeAccountId, tenantId, username, clientId, version });
}

/**
 * The record that a text holds, whichever Azure SDK wrote it. Throws `invalid-authentication-record` for anything else, and for one of a
 * version that is not known.
 */
export function deserializeAuthenticationRecord(serializedRecord: string): AuthenticationRecord {
  const text = typeof serializedRecord === "string" && serializedRecord.length <= longest ? serializedRecord : "";
  const fields = parseJsonObject(text);
  if (fields === undefined) throw invalid("it is not the JSON text of an object");
  return checkAuthenticationRecord(fields);
}

/** The record alone, if it is whole. */
export function checkAuthenticationRecord(value: object): AuthenticationRecord {
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields.version !== undefined && fields.version !== version) throw invalid("its version is not known");
  const missing = names.filter((name) => typeof fields[name] !== "string" || fields[name] === "");
  if (missing.length > 0) throw invalid(`${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} no text`);
  const [authority, homeAccountId, clientId, tenantId, username] = names.map((name) => fields[name] as string);
  return { authority, homeAccountId, clientId, tenantId, username } as AuthenticationRecord;
}

/** Refuses a record that names somebody else than whose account it has: it was put together by hand, or is older than a renaming. */
export function checkSamePerson(record: AuthenticationRecord, kept: AuthenticationRecord): void {
  if (record.username.toLowerCase() !== kept.username.toLowerCase()) throw invalid("its account has another username");
}

function invalid(why: string): IdentityError {
  return outcomeError("misconfigured", `This is no AuthenticationRecord: ${why}.`, {
    code: "invalid-authentication-record",
    remedy: "Call authenticate() once more, and keep what serializeAuthenticationRecord makes of its result.",
  });
}
