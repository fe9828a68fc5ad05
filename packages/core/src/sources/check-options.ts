import { ConfigurationError } from "../contract/errors.ts";
import type { ValidationResult } from "../contract/options.ts";
import type { AnySource } from "../contract/plugin.ts";

/** The options as the source's schema wants them; an error that names file and path otherwise. */
export function checkOptions(source: AnySource, value: unknown, path: string): unknown {
  if (source.options === undefined) return value ?? {};
  const result = source.options["~standard"].validate(value) as ValidationResult<unknown>;
  if (!("issues" in result) || result.issues === undefined) return (result as { value: unknown }).value;
  const lines = result.issues.map((issue) => `  ${[path, ...(issue.path ?? [])].join(".")}: ${issue.message}`);
  const first = result.issues[0];
  throw new ConfigurationError(
    first?.code === "unknown-key" ? "unknown-option" : "invalid-option",
    `The options of ${source.name} are not valid:\n${lines.join("\n")}`,
    { path: [path, ...(first?.path ?? [])].join(".") },
  );
}
