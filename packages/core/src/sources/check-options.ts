import { ConfigurationError } from "../contract/errors.ts";
import type { OptionsSchema, ValidationResult } from "../contract/options.ts";
import type { Issue } from "../contract/schema.ts";

/** A source, or a provider of a service. */
interface Optioned {
  readonly name: string;
  readonly options?: OptionsSchema<unknown>;
}

function validate(
  owner: Optioned,
  value: unknown,
): { readonly issues: readonly Partial<Issue>[]; readonly value: unknown } {
  if (owner.options === undefined) return { issues: [], value: value ?? {} };
  const result = owner.options["~standard"].validate(value) as ValidationResult<unknown>;
  return "issues" in result && result.issues !== undefined
    ? { issues: result.issues, value: undefined }
    : { issues: [], value: (result as { readonly value: unknown }).value };
}

function refuse(owner: Optioned, issues: readonly Partial<Issue>[], path: string): ConfigurationError {
  const lines = issues.map((issue) => `  ${[path, ...(issue.path ?? [])].join(".")}: ${issue.message}`);
  const code = issues[0]?.code === "unknown-key" ? "unknown-option" : "invalid-option";
  return new ConfigurationError(code, `The options of ${owner.name} are not valid:\n${lines.join("\n")}`, {
    path: [path, ...(issues[0]?.path ?? [])].join("."),
  });
}

/** The options as the owner's schema wants them; an error that names the path otherwise. */
export function checkOptions(owner: Optioned, given: unknown, path: string): unknown {
  const { issues, value } = validate(owner, given);
  if (issues.length > 0) throw refuse(owner, issues, path);
  return value;
}

/** Refuses options that are wrong, but not that some are missing: a caller may still add them. */
export function checkSomeOptions(owner: Optioned, given: unknown, path: string): void {
  const issues = validate(owner, given).issues.filter(({ code }) => code === "unknown-key" || code === "wrong-type");
  if (issues.length > 0) throw refuse(owner, issues, path);
}
