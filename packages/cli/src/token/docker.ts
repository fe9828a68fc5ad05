import type { Identity } from "@azidentity/core";
import { parseJsonObject } from "@azidentity/core/plugin";
import { CommandError } from "../errors/command-error.ts";
import { plainLine } from "../terminal/plain-text.ts";
import type { ListedHosts } from "./listed-hosts.ts";

/** The application of Azure Container Registry in every tenant. */
export const registryScope = "https://containerregistry.azure.net/.default";

/**
 * The user name with which registries of Azure take a refresh token of theirs, or a token of Entra.
 */
const username = "00000000-0000-0000-0000-000000000000";

/** How long a registry may take to exchange a token. */
const exchangeLimitMs = 10_000;

/**
 * What a helper prints when it has no credential; docker goes on without one. Source:
 * docker-credential-helpers.
 */
export const notFound = "credentials not found in native keychain";

/** The host of the URL or name that docker asks for; `undefined`: not on the list, or not https. */
export function registryHost(server: string, hosts: ListedHosts): string | undefined {
  const text = server.trim();
  const url = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, host } = new URL(url);
  return protocol === "https:" && hosts.has(host) ? host : undefined;
}

/** Sends the request of an exchange, by the proxy and the certificate authorities of the config. */
async function exchange(host: string, token: string, identity: Identity, signal: AbortSignal) {
  const { inspectIdentity } = await import("@azidentity/core/inspect");
  const { http } = (await inspectIdentity(identity)).context;
  const body = new URLSearchParams({ grant_type: "access_token", service: host, access_token: token }).toString();
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(exchangeLimitMs)]);
  try {
    return await http.send({ method: "POST", url: `https://${host}/oauth2/exchange`, headers, body }, limit);
  } catch (cause) {
    throw new CommandError("registry-unreachable", `The registry ${host} could not be reached.`, {
      remedy:
        `Check its name, the network and the proxy. ${cause instanceof Error ? plainLine(cause.message) : ""}`.trim(),
      cause,
    });
  }
}

/**
 * Exchanges a token of Entra for a refresh token of a registry of Azure; the token itself where the
 * registry knows no such exchange.
 * Source: https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 *
 * @throws {CommandError} `registry-refused`, `registry-unreachable`
 */
export async function registryPassword(
  host: string,
  token: string,
  identity: Identity,
  signal: AbortSignal,
): Promise<string> {
  const { status, body } = await exchange(host, token, identity, signal);
  if (status === 404 || status === 405) return token;
  const { refresh_token: exchanged } = parseJsonObject(body) ?? {};
  if (status === 200 && typeof exchanged === "string") return exchanged;
  throw new CommandError("registry-refused", `The registry ${host} gives no token (status ${status}).`, {
    remedy: "Check that this identity has a role such as AcrPull there: azid whoami",
  });
}

/**
 * The answer to docker. Source:
 * https://docs.docker.com/reference/cli/docker/login/#credential-helper-protocol
 */
export const dockerCredential = (server: string, secret: string): string =>
  `${JSON.stringify({ ServerURL: server.trim(), Username: username, Secret: secret })}\n`;
