/**
 * Without the flag `i`, which makes the first expression of a process build a table of all letters.
 */
const guidForm = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/**
 * Whether a text is a GUID, the id of a tenant, application or user at Entra; a domain is not, and
 * cannot be compared with one.
 */
export function isGuid(text: unknown): text is string {
  return typeof text === "string" && guidForm.test(text);
}

/** A directory id, or one of its domains. */
const tenantForm = /^[0-9a-z](?:[0-9a-z.-]{0,253}[0-9a-z])?$/i;

/**
 * Whether a text can name a tenant. It becomes part of URLs and command lines, so nothing else is
 * accepted.
 */
export function isTenant(text: unknown): text is string {
  return typeof text === "string" && tenantForm.test(text);
}

/**
 * Names of an authority that cover many tenants. A user has a home tenant among them; an
 * application does not.
 */
export const sharedTenantNames: readonly string[] = ["common", "organizations", "consumers"];

/**
 * A random UUID (version 4 of RFC 9562) that names something in logs. It can be guessed, so it must
 * not protect anything: it comes from `Math.random`, because `node:crypto` takes a process about
 * 5 ms to load and to seed.
 */
export function randomUuid(): string {
  const word = () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  const [first, second, third, last] = [word(), word(), word(), word()];
  const variant = "89ab"[Math.floor(Math.random() * 4)];
  return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${third.slice(4)}${last}`;
}
