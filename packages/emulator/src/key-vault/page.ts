import { KeyVaultError } from "./key-vault-error.ts";

/** The requested part of a list. */
export interface Page {
  readonly start: number;
  readonly size: number;
}

/** The largest page that Key Vault returns, and the default. */
const maxPageSize = 25;

export function readPage({ searchParams }: URL): Page {
  return {
    start: readInteger(searchParams, "$skiptoken", { absent: 0, min: 0, max: Number.MAX_SAFE_INTEGER }),
    size: readInteger(searchParams, "maxresults", { absent: maxPageSize, min: 1, max: maxPageSize }),
  };
}

/** The URL of the next page; `null` after the last one. */
export function nextPage(url: URL, { start, size }: Page, count: number): string | null {
  if (start + size >= count) return null;
  const next = new URL(url);
  next.searchParams.set("$skiptoken", String(start + size));
  return next.href;
}

interface IntegerRange {
  /** The value of a parameter that was not sent. */
  readonly absent: number;
  readonly min: number;
  readonly max: number;
}

function readInteger(query: URLSearchParams, name: string, { absent, min, max }: IntegerRange): number {
  const text = query.get(name);
  const value = text === null ? absent : Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new KeyVaultError(400, "BadParameter", `Invalid value for query parameter '${name}': ${text}`);
}
