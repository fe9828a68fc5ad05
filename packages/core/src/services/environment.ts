import { emptyCompletingVariables } from "../options/azure-variables.ts";

/**
 * A copy of the environment in which empty variables are absent. One that completes others which have values stays, as an empty text:
 * there a value was meant, and the sources that read it refuse to go on without.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const filled = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  const empty = emptyCompletingVariables(env).map((name) => [name, ""]);
  return Object.freeze(Object.fromEntries([...filled, ...empty]));
}
