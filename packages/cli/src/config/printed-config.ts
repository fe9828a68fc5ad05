import type { IdentityPlugin } from "@azidentity/core";

/** What stands in place of a secret. */
const hidden = "(secret, not shown)";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Options that are secret in a source or a service of the plugins. */
export function secretNames(plugins: readonly IdentityPlugin[]): ReadonlySet<string> {
  const parts = plugins.flatMap(({ sources = [], services = [] }) => [...sources, ...services]);
  const options = parts.map(
    (part) => (part as { readonly options?: { readonly secrets?: readonly string[] } }).options,
  );
  return new Set(options.flatMap((each) => each?.secrets ?? []));
}

/** Whether an object is a reference: what a config has in place of a value. */
function referenceOf(value: Json): unknown {
  const [[name, target] = [], ...others] = Object.entries(value);
  if (others.length > 0 || typeof target !== "string") return undefined;
  if (name === "$template") return target; // as it was written, with its ${env:NAME}
  return name === "env" || name === "file" ? value : undefined;
}

/** A URL without its password. */
const withoutPassword = (text: string) => text.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/@:]*):[^/@]*@/i, "$1:…@");

/**
 * A config as it can be shown: references stay references, text of secret options is hidden,
 * plugins are their names, and what only code can have (functions, credentials) is described.
 */
export function printedConfig(value: unknown, secrets: ReadonlySet<string>, name = ""): unknown {
  if (name === "plugins" && Array.isArray(value)) return value.map((each) => (isObject(each) ? each.name : each));
  const reference = isObject(value) ? referenceOf(value) : undefined;
  if (reference !== undefined) return reference;
  if (secrets.has(name)) return value === undefined ? undefined : hidden;
  if (typeof value === "string") return withoutPassword(value);
  if (typeof value === "function") return "(a function)";
  if (Array.isArray(value)) return value.map((each) => printedConfig(each, secrets));
  if (!isObject(value)) return value;
  if (typeof value.getToken === "function") return "(a credential in code)";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, printedConfig(each, secrets, key)]));
}
