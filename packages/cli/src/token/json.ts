import { type AccessToken, principalOf } from "@azidentity/core";
import { CommandError } from "../errors/command-error.ts";
import { describeError } from "../errors/describe-error.ts";
import type { Host } from "../host.ts";
import type { Delivery, TokenAsk } from "./delivery.ts";

/** The version of the contract of docs/exec.md. */
const version = 1;

/** The document of a token. */
function tokenDocument(token: AccessToken): string {
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
  const { expiresOnTimestamp, refreshAfterTimestamp } = token;
  const document = {
    version,
    token: token.token,
    tokenType: token.tokenType,
    expiresOn: seconds(expiresOnTimestamp),
    ...(refreshAfterTimestamp !== undefined && { refreshOn: seconds(refreshAfterTimestamp) }),
    principal: principalOf(token),
  };
  return `${JSON.stringify(document)}\n`;
}

/** The document of an error. */
function errorDocument(error: unknown): string {
  const { code, outcome, problem: message, remedy, retryAfterMs } = describeError(error);
  const retryAfter = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
  return `${JSON.stringify({ version, error: { code, outcome, message, remedy, retryAfter } })}\n`;
}

/** What the source `exec` of another program asks for by its variables. */
function asked({ environment }: Host): Partial<TokenAsk> {
  const { AZIDENTITY_EXEC_VERSION: said, AZIDENTITY_EXEC_SCOPES: scopes = "" } = environment;
  if (said === undefined) return {};
  if (said !== String(version))
    throw new CommandError("unsupported-version", `AZIDENTITY_EXEC_VERSION is not ${version}.`, { exit: "usage" });
  const { AZIDENTITY_EXEC_TENANT_ID: tenantId, AZIDENTITY_EXEC_CLAIMS: claims } = environment;
  return { scopes: scopes.split(" ").filter((scope) => scope !== ""), tenantId, claims };
}

/** The answer of the exec contract, also to a request of it (docs/exec.md). */
export const jsonDelivery = (host: Host): Delivery => ({
  ask: asked(host),
  print: tokenDocument,
  printError: errorDocument,
});
