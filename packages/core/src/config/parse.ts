import { ConfigurationError } from "../errors/errors.ts";
import type { Fields } from "../options/fields.ts";
import { check, type Issue } from "../options/issues.ts";
import { isPlain } from "../options/plain.ts";
import type { ChainEntry, IdentityConfig, SharedSettings } from "./define.ts";
import type { locate } from "./locate.ts";
import { configFields, settings, sharedFields } from "./schema.ts";
import { fileAt } from "./with-config-file.ts";

/**
 * Bounds of a config. YAML can repeat and contain itself: a few lines can expand to billions of
 * values.
 */
const limits = { values: 10_000, depth: 32, issues: 20 };

/** Whether a config exceeds the bounds. Plugins and credentials are not counted. */
function exceedsLimits(config: unknown): boolean {
  let seen = 0;
  const exceeds = (value: unknown, depth: number): boolean => {
    if (!isPlain(value)) return false;
    if (depth > limits.depth) return true;
    return Object.values(value).some((item) => ++seen > limits.values || exceeds(item, depth + 1));
  };
  const { plugins: _, ...rest } = Object(config) as { plugins?: unknown };
  return exceeds(rest, 0) || (Array.isArray(config) && config.length > limits.values);
}

interface Refused {
  readonly file?: string | undefined;
  readonly where: string;
  /** The config path of what was checked. */
  readonly prefix?: string;
  readonly placeOf?: typeof locate | undefined;
}

function refuse(issues: readonly Issue[], { file, where, prefix = "", placeOf }: Refused): ConfigurationError {
  const pathOf = (issue: Issue) => [prefix, ...issue.path].filter((part) => part !== "").join(".");
  const lines = issues.slice(0, limits.issues).map((issue) => `  ${pathOf(issue) || "(root)"}: ${issue.message}`);
  const more = issues.length > limits.issues ? [`  and ${issues.length - limits.issues} more`] : [];
  const first = issues[0] as Issue;
  const place = placeOf?.(file, pathOf(first));
  const message = `${fileAt(where, place)} is not valid:\n${[...lines, ...more].join("\n")}`;
  const code = first.code === "unknown-key" ? first.code : "invalid-config";
  return new ConfigurationError(code, message, { file, path: pathOf(first), ...place });
}

/**
 * Checks the shape of a config. `file`: the file it is from; `undefined` for one given in code.
 * `placeOf`: finds the place of a member in that file, for messages.
 *
 * @throws {ConfigurationError} `invalid-config`, `unknown-key`
 */
export function parseConfig(
  value: unknown,
  file: string | undefined,
  where = file ?? "The config given in code",
  placeOf?: typeof locate,
): IdentityConfig {
  return parse(value, configFields, { file, where, placeOf }) as IdentityConfig;
}

/**
 * Checks the shape of what `Identity.with` is given.
 *
 * @throws {ConfigurationError} `invalid-config`, `unknown-key`
 */
export function parseSharedSettings(value: unknown): SharedSettings {
  return parse(value, sharedFields, { where: "The argument of identity.with()" }) as SharedSettings;
}

/**
 * Checks the shape of the `defaults` that are given in code. They have no profiles.
 *
 * @throws {ConfigurationError} `invalid-config`, `unknown-key`
 */
export function parseDefaults(value: unknown): IdentityConfig {
  return parse(value, settings, { where: "The config given in code", prefix: "defaults" }) as IdentityConfig;
}

function parse(value: unknown, fields: Fields, { file, where, prefix = "", placeOf }: Refused): unknown {
  if (exceedsLimits(value)) {
    const remedy = `A config may have ${limits.values} values, nested ${limits.depth} deep; what a YAML anchor repeats counts each time.`;
    throw new ConfigurationError("invalid-config", `${where} is too large.`, { file, path: prefix, remedy });
  }
  const issues = check({ type: "object", fields }, value);
  if (issues.length > 0) throw refuse(issues, { file, where, prefix, placeOf });
  return value;
}

/**
 * Checks the entries of a chain that is given in code.
 *
 * @throws {ConfigurationError} `invalid-config`, `unknown-key`
 */
export function parseChain(entries: unknown, path: string): readonly ChainEntry[] {
  const issues = check(configFields.chain, entries);
  if (issues.length > 0) throw refuse(issues, { where: "The chain given in code", prefix: path });
  return entries as readonly ChainEntry[];
}
