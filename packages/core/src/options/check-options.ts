import type { OptionsSchema } from "../contract/options-schema.ts";
import { blankOut } from "../errors/blank-out.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { isJsonObject } from "../util/json.ts";
import type { ValidationResult } from "./define-options.ts";
import type { Issue } from "./schema.ts";

/** A source, or a provider of a service. */
interface Optioned {
  readonly name: string;
  readonly options?: OptionsSchema<unknown>;
}

function pluginAtFault({ name }: Optioned, problem: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError("invalid-plugin", `The options of ${name} cannot be checked: ${problem}`, {
    remedy: "Its author has to fix that.",
    cause,
  });
}

function runSchema(owner: Optioned, schema: OptionsSchema<unknown>, value: unknown): ValidationResult<unknown> {
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
  return result as ValidationResult<unknown>;
}

function validate(
  owner: Optioned,
  value: unknown,
): { readonly issues: readonly Partial<Issue>[]; readonly value: unknown } {
  if (owner.options === undefined) return { issues: [], value: value ?? {} };
  const result = runSchema(owner, owner.options, value);
  return "issues" in result && result.issues !== undefined
    ? { issues: result.issues, value: undefined }
    : { issues: [], value: (result as { readonly value: unknown }).value };
}

/** A step of a Standard Schema path is a key, or an object that has one. */
const keyOf = (step: unknown) =>
  String(typeof step === "object" && step !== null ? (step as { key?: unknown }).key : step);

/** What a validator says, without the secrets that some of them quote. */
function messageOf(owner: Optioned, { message = "" }: Partial<Issue>, given: unknown): string {
  const secrets = (owner.options?.secrets ?? []).map((name) => (Object(given) as Record<string, unknown>)[name]);
  return blankOut(
    message,
    secrets.filter((secret) => typeof secret === "string"),
  );
}

/** An object where something else should be was meant as a reference, most likely, and is none: `{ evn: "NAME" }`. */
function looksLikeReference({ code, path = [] }: Partial<Issue>, given: unknown): boolean {
  const value: unknown = Object(given)[keyOf(path[0])];
  return code === "wrong-type" && path.length === 1 && isJsonObject(value);
}

/** What to type in the place of a `null` that means nothing to this option; its description tells the default. */
function adviseOnNull(owner: Optioned, { code, path = [] }: Partial<Issue>, given: unknown): string | undefined {
  const name = keyOf(path[0]);
  if (code !== "wrong-type" || path.length !== 1 || Object(given)[name] !== null) return undefined;
  const { properties } = Object(owner.options?.jsonSchema) as { properties?: Record<string, { description?: string }> };
  return [`Give \`${name}\` a value, or leave it out.`, properties?.[name]?.description ?? []].flat().join(" ");
}

function refuse(owner: Optioned, issues: readonly Partial<Issue>[], path: string, given: unknown): ConfigurationError {
  const pathOf = (issue: Partial<Issue> | undefined) => [path, ...(issue?.path ?? []).map(keyOf)].join(".");
  const lines = issues.map((issue) => `  ${pathOf(issue)}: ${messageOf(owner, issue, given)}`);
  const code = issues[0]?.code === "unknown-key" ? "unknown-option" : "invalid-option";
  return new ConfigurationError(code, `The options of ${owner.name} are not valid:\n${lines.join("\n")}`, {
    path: pathOf(issues[0]),
    remedy: issues.some((issue) => looksLikeReference(issue, given))
      ? 'A reference is written { env: "NAME" } or { file: "path" }.'
      : adviseOnNull(owner, issues[0] ?? {}, given),
  });
}

/** The options as the owner's schema wants them; an error that names the path otherwise. */
export function checkOptions(owner: Optioned, given: unknown, path: string): unknown {
  const { issues, value } = validate(owner, given);
  if (issues.length > 0) throw refuse(owner, issues, path, given);
  return value;
}

/** Refuses options that are wrong, but not that some are missing: a caller may still add them. */
export function checkSomeOptions(owner: Optioned, given: unknown, path: string): void {
  const issues = validate(owner, given).issues.filter(({ code }) => code === "unknown-key" || code === "wrong-type");
  if (issues.length > 0) throw refuse(owner, issues, path, given);
}
