/** A copy of the environment in which empty variables are absent. */
export function readEnvironment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const filled = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  return Object.freeze(Object.fromEntries(filled));
}
