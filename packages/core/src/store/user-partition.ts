import type { AuthenticationRecord } from "../contract/source.ts";
import { parseJsonList } from "../util/json.ts";

/**
 * The sign-ins in a partition of a token store: one user's of an application, or without a
 * user the list of users.
 */
export interface UserPartition {
  /** With its scheme. */
  readonly authorityHost: string;
  /** Application (client) id for which the user signed in; compared in lower case. */
  readonly clientId: string;
  /** Id of the account, as in `AuthenticationRecord`; `undefined`: the list of users. */
  readonly homeAccountId?: string | undefined;
}

/** The JSON in the partition of a user; the list is an array of records. */
export interface StoredUser {
  /** The account. */
  readonly record: AuthenticationRecord;
  /** The refresh token of the account. Secret. */
  readonly refreshToken: string;
}

const kinds = { list: "azidentity.users.1", user: "azidentity.user.1" };

/** The key of a partition. A list in JSON: two different ones never share it. Holds no secret. */
export function userPartitionKey({ authorityHost, clientId, homeAccountId }: UserPartition): string {
  const application = [authorityHost, clientId.toLowerCase()];
  return JSON.stringify(
    homeAccountId === undefined ? [kinds.list, ...application] : [kinds.user, ...application, homeAccountId],
  );
}

/** Reads a key; `undefined`: not that of such a partition, or of another version. */
export function readUserPartitionKey(key: string): UserPartition | undefined {
  const parts = parseJsonList(key);
  if (!parts?.every((part) => typeof part === "string")) return undefined;
  const [kind, authorityHost = "", clientId = "", homeAccountId] = parts;
  if (kind === kinds.list && parts.length === 3) return { authorityHost, clientId };
  if (kind === kinds.user && parts.length === 4) return { authorityHost, clientId, homeAccountId };
  return undefined;
}
