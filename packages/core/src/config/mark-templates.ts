import { ConfigurationError } from "../errors/errors.ts";
import type { IdentityConfig } from "./define.ts";
import { type Template, variable } from "./references.ts";

const opening = `\${env:`;

function mark(value: unknown, file: string, path: string): unknown {
  if (typeof value === "string") {
    if (!value.includes(opening)) return value;
    if (!value.replace(variable, "").includes(opening)) return { $template: value } satisfies Template;
    throw new ConfigurationError("invalid-config", `${path} in ${file} has a reference that cannot be read.`, {
      file,
      path,
      remedy: `Write it like \${env:NAME}, without blanks.`,
    });
  }
  if (Array.isArray(value)) return value.map((item, index) => mark(item, file, `${path}.${index}`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mark(item, file, `${path}.${key}`)]));
}

/** Keys whose text is a name and never a template. */
const literalKeys = ["plugins", "mode", "cloud", "profile", "$schema"];

/** Marks all members but one, whose text is a name. */
function markAround(name: string, value: unknown, file: string, path: string): unknown {
  const marked = mark(value, file, path) as object;
  return Object.hasOwn(value as object, name)
    ? { ...marked, [name]: (value as Record<string, unknown>)[name] }
    : marked;
}

/**
 * In a chain, a text entry is a name, as that of a source is; other text inside an entry may be a
 * template.
 */
function markChain(chain: readonly unknown[], file: string, path: string): unknown[] {
  return chain.map((entry, index) =>
    typeof entry === "string" ? entry : markAround("source", entry, file, `${path}.${index}`),
  );
}

/**
 * The config with each text that contains variables replaced by a `Template`.
 *
 * @throws {ConfigurationError} `invalid-config`
 */
export function markTemplates(config: IdentityConfig, file: string, prefix = ""): IdentityConfig {
  const marked = Object.entries(config).map(([key, value]) => {
    const path = `${prefix}${key}`;
    if (value === undefined || literalKeys.includes(key)) return [key, value];
    if (key === "cache") return [key, markAround("store", value, file, path)];
    if (key === "chain") return [key, markChain(value as readonly unknown[], file, path)];
    const inner = (one: (item: never, itemPath: string) => unknown) =>
      Object.fromEntries(
        Object.entries(value as object).map(([name, item]) => [name, one(item as never, `${path}.${name}`)]),
      );
    if (key === "chains") return [key, inner((item, itemPath) => markChain(item, file, itemPath))];
    if (key === "profiles") return [key, inner((item, itemPath) => markTemplates(item, file, `${itemPath}.`))];
    return [key, mark(value, file, path)];
  });
  return Object.fromEntries(marked) as IdentityConfig;
}
