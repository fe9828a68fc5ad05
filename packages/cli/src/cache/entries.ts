import { readStoreKey, readUserPartitionKey } from "@azidentity/core/plugin";

/** An entry of a token store, as its key says. It has no secret. */
export interface StoredEntry {
  readonly key: string;
  /** `sign-in`: the account and refresh token of a user. `other`: of another program or version. */
  readonly kind: "token" | "sign-in" | "other";
  /** Source of a token. */
  readonly source?: string;
  /** Whose it is: the subject of the source, the account of a user. */
  readonly subject?: string;
  readonly tenantId?: string;
  readonly scopes?: readonly string[];
  /** Client id of a sign-in. */
  readonly clientId?: string;
  /** Milliseconds since 1970; absent: the entry does not expire. */
  readonly expiresOnTimestamp?: number;
}

/** An entry as a store lists it. */
export interface ListedEntry {
  readonly key: string;
  readonly expiresOnTimestamp?: number;
}

/** What an entry is. */
export function describeEntry({ key, expiresOnTimestamp }: ListedEntry): StoredEntry {
  const token = readStoreKey(key);
  if (token !== undefined) {
    const { source, subject, tenantId, scopes } = token;
    return { key, kind: "token", source, subject, tenantId, scopes, expiresOnTimestamp };
  }
  const partition = readUserPartitionKey(key);
  if (partition === undefined) return { key, kind: "other", expiresOnTimestamp };
  const { clientId, homeAccountId } = partition;
  return { key, kind: "sign-in", subject: homeAccountId ?? "the list of users", clientId, expiresOnTimestamp };
}

/**
 * Whose an entry is, for people: a subject that is a list in JSON has its parts, without the tenant
 * of its own column.
 */
export function whoseText({ subject = "", tenantId }: StoredEntry): string {
  if (!subject.startsWith("[")) return subject;
  try {
    const parts = (JSON.parse(subject) as readonly unknown[]).filter((part) => typeof part === "string" && part !== "");
    return parts.filter((part) => part !== tenantId).join(" ");
  } catch {
    return subject; // a text that only begins like one
  }
}

/** Which entries are cleared. */
export interface Selection {
  /** Tokens of this source alone. */
  readonly source?: string;
  /** Users' sign-ins as well. */
  readonly signIns: boolean;
}

/** Whether an entry is to be cleared; those of other programs never are. */
export function isSelected({ kind, source }: StoredEntry, selection: Selection): boolean {
  if (kind === "sign-in") return selection.signIns;
  return kind === "token" && (selection.source === undefined || source === selection.source);
}

/** A time from now on, in words: `in 52 min`. */
export function timeLeft(expiresOnTimestamp: number | undefined, now: number): string {
  if (expiresOnTimestamp === undefined) return "";
  const minutes = Math.floor((expiresOnTimestamp - now) / 60_000);
  if (minutes < 1) return "in less than 1 min";
  return minutes < 120 ? `in ${minutes} min` : `in ${Math.floor(minutes / 60)} h`;
}
