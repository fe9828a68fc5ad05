import type { HttpHeaders } from "../types/http.ts";

/** Headers as the Azure SDKs have them: names in any case, and the case that was given is kept. */
export function createHeaders(initial: Readonly<Record<string, string>>): HttpHeaders {
  const entries = new Map<string, { readonly name: string; readonly value: string }>();
  const set = (name: string, value: string | number | boolean) =>
    void entries.set(name.toLowerCase(), { name, value: String(value).trim() });
  for (const [name, value] of Object.entries(initial)) set(name, value);
  return {
    set,
    get: (name) => entries.get(name.toLowerCase())?.value,
    has: (name) => entries.has(name.toLowerCase()),
    delete: (name) => void entries.delete(name.toLowerCase()),
    toJSON: ({ preserveCase = false } = {}) =>
      Object.fromEntries([...entries].map(([key, { name, value }]) => [preserveCase ? name : key, value])),
    [Symbol.iterator]: () => [...entries].map(([key, { value }]): [string, string] => [key, value]).values(),
  };
}
