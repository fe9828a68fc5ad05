/** Variables that sources, tools and the transport read. */
const relevant =
  /^(?:AZURE|AZIDENTITY|AZURESUBSCRIPTION|AZD|MSI|IDENTITY|IMDS|DEFAULT_IDENTITY|SYSTEM|ACTIONS|KUBERNETES|MSAL|REGION)_|^(?:SYSTEM(?:_?ROOT)|IDENTITY_HEADER|PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|XDG_.+|NODE_EXTRA_CA_CERTS|BROWSER)$|_PROXY$/i;

export type Variables = Readonly<Record<string, string>>;

/**
 * The names of all variables.
 *
 * @throws {Error} `permission-denied`: the error of Deno, whose message names the flag, with the
 * code and the remedy of core's errors, which are not loaded yet
 */
function variableNames(): string[] {
  try {
    return Object.keys(process.env);
  } catch (error) {
    throw Object.assign(Object(error), { code: "permission-denied", remedy: "Start the program with --allow-env." });
  }
}

/** The variables that matter to credentials, as they are now. */
export function readVariables(): Variables {
  const { env } = process;
  const names = variableNames().filter((name) => relevant.test(name));
  return Object.freeze(Object.fromEntries(names.map((name) => [name, env[name] as string])));
}

/** The other variables of the process, as they are now: a config may refer to any of them. */
export function readOthers(): Variables {
  const { env } = process;
  const names = Object.keys(env).filter((name) => !relevant.test(name));
  return Object.fromEntries(names.sort().map((name) => [name, env[name] as string]));
}

/** A copy without some variables. */
export function without(variables: Variables, ...names: readonly string[]): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.includes(name)));
}

/** The working directory; empty if it has been removed. */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return "";
  }
}
