import { isIdentityError, type SourceCredential } from "@azidentity/core";
import { SecretClient, type SecretClientOptions } from "@azure/keyvault-secrets";
import fastify from "fastify";
import type { VerifyCaller } from "./verify-caller.ts";

export interface ApiSettings {
  readonly verifyCaller: VerifyCaller;
  /** `identity.credential("on-behalf-of", options)`, created once. */
  readonly onBehalfOf: SourceCredential;
  readonly vaultUrl: string;
  readonly clientOptions: SecretClientOptions;
}

/**
 * A web API that reads a secret as the user who calls it, so that the vault decides what that user
 * may read.
 */
export function createApi({ verifyCaller, onBehalfOf, vaultUrl, clientOptions }: ApiSettings) {
  const api = fastify();
  api.get("/greeting", async (request, reply) => {
    const caller = await verifyCaller(request.headers.authorization);
    if (caller === undefined) return reply.code(401).header("www-authenticate", "Bearer").send({ error: "no caller" });
    const client = new SecretClient(vaultUrl, onBehalfOf.forUser(caller.token), clientOptions);
    const { value } = await client.getSecret("greeting");
    return { greeting: `${value}, ${caller.name}!` };
  });
  // Entra requires an action of the user, such as multi-factor authentication, which only the
  // caller can request.
  api.setErrorHandler((error, _, reply) => {
    if (!isIdentityError(error) || error.outcome !== "interaction-required") throw error;
    const claims = "claims" in error ? Buffer.from(error.claims ?? "{}").toString("base64") : "";
    const challenge = `Bearer error="insufficient_claims", claims="${claims}"`;
    return reply.code(401).header("www-authenticate", challenge).send({ error: error.code });
  });
  return api;
}
