/** A variable with which a program finds the relay. */
export type Variable = readonly [name: string, value: string];

/**
 * The variables of one client: for every Azure SDK (managed identity of App Service), for the Azure
 * Developer CLI, and for `@azidentity/plugin-external`.
 *
 * @param origin e.g. `http://127.0.0.1:41817`
 */
export function variablesOf(origin: string, key: string): Variable[] {
  return [
    ["IDENTITY_ENDPOINT", `${origin}/msi/token`],
    ["IDENTITY_HEADER", key],
    ["AZD_AUTH_ENDPOINT", `${origin}/azd`],
    ["AZD_AUTH_KEY", key],
    ["AZIDENTITY_RELAY_URL", origin],
    ["AZIDENTITY_RELAY_KEY", key],
  ];
}

/**
 * A file that both shells and `docker run --env-file` read. Values are URLs and base64url, which neither
 * of them changes.
 */
export function variablesFile(origin: string, key: string): string {
  return variablesOf(origin, key)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** The variables whose values lead to a relay. */
const endpoints = ["IDENTITY_ENDPOINT", "AZD_AUTH_ENDPOINT", "AZIDENTITY_RELAY_URL"] as const;

/** The variables in an environment that lead to this port of this machine: the relay would ask itself. */
export function variablesOfItself(
  environment: Readonly<Record<string, string | undefined>>,
  port: number,
  hosts: ReadonlySet<string>,
): string[] {
  return endpoints.filter((name) => {
    const text = environment[name] ?? "";
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return url.port === String(port) && hosts.has(url.hostname.toLowerCase());
  });
}
