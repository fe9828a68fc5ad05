import { ConfigurationError } from "../contract/errors.ts";
import type { OptionsSchema, ValidationResult } from "../contract/options.ts";

/** A source, or a provider of a service. */
interface Optioned {
  readonly name: string;
  readonly options?: OptionsSchema<unknown>;
}

/** The options as the source's schema wants them; an error that names file and path otherwise. */
export function checkOptions(owner: Optioned, value: unknown, path: string): unknown {
  if (owner.options === undefined) return value ?? {};
  const result = owner.options["~standard"].validate(value) as ValidationResult<unknown>;
  if (!("issues" in result) || result.issues === undefined) return (result as { value: unknown }).value;
  const lines = result.issues.map((issue) => `  ${[path, ...(issue.path ?? [])].join(".")}: ${issue.message}`);
  const first = result.issues[0];
  throw new ConfigurationError(
    first?.code === "unknown-key" ? "unknown-option" : "invalid-option",
    `The options of ${owner.name} are not valid:\n${lines.join("\n")}`,
    { path: [path, ...(first?.path ?? [])].join(".") },
  );
}
