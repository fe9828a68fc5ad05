import { resolve } from "node:path";

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

/** Names the file with the variables of containers, for files of containers that are kept. */
export const containerFileVariable = "AZID_ENV_FILE";

/**
 * A file that shells read, and `docker run --env-file` where no value is quoted: URLs and base64url
 * never are. PowerShell takes the text after `=` as it is.
 */
export function variablesFile(variables: readonly Variable[], platform: NodeJS.Platform): string {
  const word = platform === "win32" ? (text: string) => text : shellWord;
  return variables.map(([name, value]) => `${name}=${word(value)}\n`).join("");
}

/** A text as one word of a POSIX shell. */
export const shellWord = (text: string): string =>
  /^[\w./:@%+=,~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Variables that name another identity: an Azure SDK would use that one, or ask the relay for it,
 * and the secrets are not the program's. The last four are about other hosts: a cluster of Service
 * Fabric, a host of an older protocol, and the program that signs in for azd, whose certificate the
 * relay does not have.
 */
const otherIdentities = [
  ...["AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PASSWORD"],
  ...["AZURE_USERNAME", "AZURE_PASSWORD", "AZURE_FEDERATED_TOKEN_FILE", "IDENTITY_SERVER_THUMBPRINT"],
  ...["MSI_ENDPOINT", "MSI_SECRET", "AZD_AUTH_CERT"],
];

/**
 * What a program gets that the relay runs: the variables of its client, and none of another
 * identity.
 */
export function variablesOfProgram(variables: readonly Variable[]): Readonly<Record<string, string | undefined>> {
  return { ...Object.fromEntries(otherIdentities.map((name) => [name, undefined])), ...Object.fromEntries(variables) };
}

/** The variables whose values lead to a relay. */
const endpoints = ["IDENTITY_ENDPOINT", "AZD_AUTH_ENDPOINT", "AZIDENTITY_RELAY_URL"] as const;

/** Where a relay answers. */
export interface OwnPlaces {
  readonly port: number;
  /** Its names, in lower case. */
  readonly hosts: ReadonlySet<string>;
  readonly socketPath: string | undefined;
}

/** The variables in an environment that lead to the relay: it would ask itself. */
export function variablesOfItself(
  environment: Readonly<Record<string, string | undefined>>,
  { port, hosts, socketPath }: OwnPlaces,
): string[] {
  return endpoints.filter((name) => {
    const text = environment[name] ?? "";
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    if (url.protocol === "unix:")
      return socketPath !== undefined && resolve(decoded(url.pathname)) === resolve(socketPath);
    return url.port === String(port) && hosts.has(url.hostname.toLowerCase());
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
