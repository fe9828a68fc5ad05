import { CommandError } from "../errors/command-error.ts";
import type { ListedHosts } from "./listed-hosts.ts";

/** The application of Azure Container Registry in every tenant. */
export const registryScope = "https://containerregistry.azure.net/.default";

/** The user name with which registries of Azure take a refresh token of theirs, or a token of Entra. */
const username = "00000000-0000-0000-0000-000000000000";

/** How long a registry may take to exchange a token. */
const exchangeLimitMs = 10_000;

/** What a helper prints when it has no credential; docker goes on without one. Source: docker-credential-helpers. */
export const notFound = "credentials not found in native keychain";

/** The host of the URL or name that docker asks for; `undefined`: not on the list, or not https. */
export function registryHost(server: string, hosts: ListedHosts): string | undefined {
  const text = server.trim();
  const url = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, host } = new URL(url);
  return protocol === "https:" && hosts.has(host) ? host : undefined;
}

/**
 * Exchanges a token of Entra for a refresh token of a registry of Azure; the token itself where the
 * registry knows no such exchange.
 * Source: https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 *
 * @throws {CommandError} `registry-refused`, `registry-unreachable`
 */
export async function registryPassword(host: string, token: string, signal: AbortSignal): Promise<string> {
  const body = new URLSearchParams({ grant_type: "access_token", service: host, access_token: token });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(exchangeLimitMs)]);
  const options = { method: "POST", body, redirect: "manual", signal: limit } as const;
  const response = await fetch(`https://${host}/oauth2/exchange`, options).catch((cause: unknown) => {
    throw new CommandError("registry-unreachable", `The registry ${host} could not be reached.`, {
      remedy: "Check its name, the network and the proxy (NODE_USE_ENV_PROXY=1 uses HTTPS_PROXY).",
      cause,
    });
  });
  if (response.status === 404 || response.status === 405) return token;
  const read = Object(await response.json().catch(() => undefined)) as { readonly refresh_token?: unknown };
  if (response.ok && typeof read.refresh_token === "string") return read.refresh_token;
  throw new CommandError("registry-refused", `The registry ${host} gives no token (status ${response.status}).`, {
    remedy: "Check that this identity has a role such as AcrPull there: azid whoami",
  });
}

/** The answer to docker. Source: https://docs.docker.com/reference/cli/docker/login/#credential-helper-protocol */
export const dockerCredential = (server: string, secret: string): string =>
  `${JSON.stringify({ ServerURL: server.trim(), Username: username, Secret: secret })}\n`;
