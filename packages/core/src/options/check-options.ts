import type { ConfigurationErrorCode } from "../contract/configuration-error-code.ts";
import type { OptionsSchema } from "../contract/source.ts";
import { blankOut } from "../errors/blank-out.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { isJsonObject } from "../util/json.ts";
import type { ValidationResult } from "./define-options.ts";
import type { Issue } from "./issues.ts";

/** A source or a provider of a service, which owns options. */
interface OptionsOwner {
  readonly name: string;
  readonly options?: OptionsSchema<unknown>;
}

function pluginAtFault({ name }: OptionsOwner, problem: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError("invalid-plugin", `The options of ${name} cannot be checked: ${problem}`, {
    remedy: "Report this to the author of the plugin.",
    cause,
  });
}

function runSchema(owner: OptionsOwner, schema: OptionsSchema<unknown>, value: unknown): ValidationResult<unknown> {
  let result: unknown;
  try {
    result = schema["~standard"].validate(value);
  } catch (cause) {
    throw pluginAtFault(owner, "its validator threw.", cause);
  }
  if (typeof (Object(result) as { then?: unknown }).then === "function") {
    (result as Promise<unknown>).then(undefined, () => undefined);
    throw pluginAtFault(owner, "its validator is asynchronous.");
  }
  if (!isJsonObject(result)) throw pluginAtFault(owner, "its validator returned no result.");
  return result as ValidationResult<unknown>;
}

function validate(
  owner: OptionsOwner,
  value: unknown,
): { readonly issues: readonly Partial<Issue>[]; readonly value: unknown } {
  if (owner.options === undefined) return { issues: [], value: value ?? {} };
  const result = runSchema(owner, owner.options, value);
  return "issues" in result && result.issues !== undefined
    ? { issues: result.issues, value: undefined }
    : { issues: [], value: (result as { readonly value: unknown }).value };
}

/** A segment of a Standard Schema path is a key, or an object with one. */
const keyOf = (segment: unknown) =>
  String(typeof segment === "object" && segment !== null ? (segment as { key?: unknown }).key : segment);

/** The message of a validator, without the secrets that some validators quote. */
function messageOf(owner: OptionsOwner, { message = "" }: Partial<Issue>, given: unknown): string {
  const secrets = (owner.options?.secrets ?? []).map((name) => (Object(given) as Record<string, unknown>)[name]);
  return blankOut(
    message,
    secrets.filter((secret) => typeof secret === "string"),
  );
}

/** Settings of the config for all sources, which other libraries have among the options of each. */
const ofConfig = /^(?:authorityHost|cloud|disableInstanceDiscovery|additionallyAllowedTenants)$/;

/**
 * What to do about an issue besides what its message says. An object where something else is
 * expected is most likely a malformed reference: `{ evn: "NAME" }`. For a `null` that an option
 * does not accept, its description has the default.
 */
function adviseOn(owner: OptionsOwner, { code, path = [] }: Partial<Issue>, given: unknown): string | undefined {
  if (code === "conflict") return "Set only one of them.";
  if (path.length !== 1) return undefined;
  const name = keyOf(path[0]);
  const value: unknown = Object(given)[name];
  if (code === "unknown-key" && ofConfig.test(name)) return `Set \`${name}\` in the config.`;
  if (code !== "wrong-type") return undefined;
  if (isJsonObject(value)) return 'A reference is written { env: "NAME" } or { file: "path" }.';
  if (value !== null) return undefined;
  const description = owner.options?.fields?.[name]?.description ?? "";
  return `Give \`${name}\` a value, or leave it out. ${description}`.trimEnd();
}

/** Codes of issues that are not `invalid-option`. */
const codes: Readonly<Partial<Record<Issue["code"], ConfigurationErrorCode>>> = {
  "unknown-key": "unknown-option",
  conflict: "conflicting-options",
};

function refuse(
  owner: OptionsOwner,
  issues: readonly Partial<Issue>[],
  path: string,
  given: unknown,
): ConfigurationError {
  const [first = {}] = issues;
  const pathOf = ({ path: inner = [] }: Partial<Issue>) => [path, ...inner.map(keyOf)].join(".");
  const lines = issues.map((issue) => `  ${pathOf(issue)}: ${messageOf(owner, issue, given)}`);
  const code = (first.code && codes[first.code]) ?? "invalid-option";
  return new ConfigurationError(code, `The options of ${owner.name} are not valid:\n${lines.join("\n")}`, {
    path: pathOf(first),
    remedy: issues.map((issue) => adviseOn(owner, issue, given)).find((advice) => advice !== undefined),
  });
}

/**
 * The options as the owner's schema returns them.
 *
 * @throws {ConfigurationError} `unknown-option`, `conflicting-options`, `invalid-option`,
 * `invalid-plugin`
 */
export function checkOptions(owner: OptionsOwner, given: unknown, path: string): unknown {
  const { issues, value } = validate(owner, given);
  if (issues.length > 0) throw refuse(owner, issues, path, given);
  return value;
}

/**
 * Refuses invalid options, but not missing ones: a caller may still add them.
 *
 * @throws {ConfigurationError} `unknown-option`, `conflicting-options`, `invalid-option`,
 * `invalid-plugin`
 */
export function checkSomeOptions(owner: OptionsOwner, given: unknown, path: string): void {
  const issues = validate(owner, given).issues.filter(({ code }) => code !== undefined && code !== "missing");
  if (issues.length > 0) throw refuse(owner, issues, path, given);
}
