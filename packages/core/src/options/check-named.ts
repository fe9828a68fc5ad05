import { ConfigurationError } from "../errors/errors.ts";
import { isJsonObject } from "../util/json.ts";

/**
 * Checks the arguments with which a caller names a source, before the source is looked for.
 *
 * @throws {ConfigurationError} `invalid-argument`
 */
export function checkNamed(name: unknown, options: unknown): void {
  const wrong = (problem: string, remedy: string) => new ConfigurationError("invalid-argument", problem, { remedy });
  if (typeof name !== "string") throw wrong("The name of a source is not a text.", 'Name one, like "azure-cli".');
  if (options !== undefined && !isJsonObject(options))
    throw wrong(`The options of ${name} are not an object.`, "Omit them, or pass an object.");
}
