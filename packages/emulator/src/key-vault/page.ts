import { KeyVaultError } from "./key-vault-error.ts";

/** Which items of a list a request asks for. */
export interface Page {
  readonly start: number;
  readonly size: number;
}

/** Key Vault never lists more items at a time. */
const maximum = 25;

export function readPage({ searchParams }: URL): Page {
  return {
    start: readNumber(searchParams, "$skiptoken", 0, 0, Number.MAX_SAFE_INTEGER),
    size: readNumber(searchParams, "maxresults", maximum, 1, maximum),
  };
}

/** Where the list goes on; `null` at its end. */
export function nextPage(url: URL, { start, size }: Page, count: number): string | null {
  if (start + size >= count) return null;
  const next = new URL(url);
  next.searchParams.set("$skiptoken", String(start + size));
  return next.href;
}

function readNumber(query: URLSearchParams, name: string, absent: number, from: number, to: number): number {
  const text = query.get(name);
  const value = text === null ? absent : Number(text);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new KeyVaultError(400, "BadParameter", `Invalid value for query parameter '${name}': ${text}`);
}
