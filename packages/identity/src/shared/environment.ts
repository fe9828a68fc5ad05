/** Variables that sources, tools and the transport read. */
const relevant =
  /^(?:AZURE|AZIDENTITY|AZURESUBSCRIPTION|AZD|MSI|IDENTITY|IMDS|DEFAULT_IDENTITY|SYSTEM|ACTIONS|KUBERNETES|MSAL|REGION)_|^(?:SYSTEM(?:_?ROOT)|IDENTITY_HEADER|PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|XDG_.+|NODE_EXTRA_CA_CERTS|BROWSER)$|_PROXY$/i;

export type Variables = Readonly<Record<string, string>>;

/** The variables that matter to credentials, as they are now. */
export function readVariables(): Variables {
  const { env } = process;
  const names = Object.keys(env).filter((name) => relevant.test(name));
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
