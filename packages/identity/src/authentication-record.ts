import type { AuthenticationRecord } from "./types/options.ts";

/** The version of the format, that of the Azure SDKs. */
const version = "1.0";

/** Serializes a record as JSON. The text has no secret, but names a user. */
export function serializeAuthenticationRecord(record: AuthenticationRecord): string {
  return JSON.stringify(record);
}

/**
 * Parses a record that was serialized. A credential that is given it checks its fields.
 *
 * @throws {SyntaxError} The text is not JSON.
 * @throws {Error} Its version is unknown.
 */
export function deserializeAuthenticationRecord(serializedRecord: string): AuthenticationRecord {
  const record: AuthenticationRecord & { readonly version?: unknown } = JSON.parse(serializedRecord);
  if (record.version && record.version !== version)
    throw new Error(
      `Unsupported AuthenticationRecord version; it has to be ${version}. Sign in again for a new record.`,
    );
  return record;
}
