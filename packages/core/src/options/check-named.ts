import { ConfigurationError } from "../errors/errors.ts";
import { isJsonObject } from "../util/json.ts";

/** The error for an argument of another form than its type says. */
export function wrongArgument(problem: string, remedy: string): ConfigurationError {
  return new ConfigurationError("invalid-argument", problem, { remedy });
}

/**
 * Checks the arguments with which a caller names a source, before the source is looked for.
 *
 * @throws {ConfigurationError} `invalid-argument`
 */
export function checkNamed(name: unknown, options: unknown): void {
  if (typeof name !== "string")
    throw wrongArgument("The name of a source is not a text.", 'Name one, like "azure-cli".');
  if (options !== undefined && !isJsonObject(options))
    throw wrongArgument(`The options of ${name} are not an object.`, "Omit them, or pass an object.");
}
