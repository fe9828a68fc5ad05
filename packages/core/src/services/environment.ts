import { emptyCompletingVariables } from "../options/azure-variables.ts";

/**
 * A copy of the environment without empty variables. One that completes others that have values is
 * kept as an empty text: its value is missing, and the sources that read it fail.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const filled = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  const empty = emptyCompletingVariables(env).map((name) => [name, ""]);
  return Object.freeze(Object.fromEntries([...filled, ...empty]));
}
