import { randomUUID } from "node:crypto";
import { type Clock, epochSeconds } from "../clock.ts";
import type { SigningKey } from "../entra/signing-key.ts";
import type { JsonObject } from "../http/message.ts";

/** Changes to the default token of an issuer. */
export interface OidcTokenOptions {
  /** `sub`. Default: the `subject` of the issuer. */
  readonly subject?: string;
  /** `aud`. Default: `api://AzureADTokenExchange`. */
  readonly audience?: string;
  /**
   * Seconds until it expires, on the emulator's clock. Default: 300 (GitHub), 600 (Azure
   * Pipelines), 3600 (Kubernetes).
   */
  readonly lifetimeSeconds?: number;
  /** Claims to add or replace. */
  readonly claims?: JsonObject;
}

export interface IssuerFacts {
  readonly issuer: string;
  readonly subject: string;
  /** Seconds until a token expires. */
  readonly lifetimeSeconds: number;
  /** The claims that are specific to the issuer. */
  readonly claims: JsonObject;
}

export interface IssuerParts {
  readonly clock: Clock;
  readonly signingKey: SigningKey;
}

/** Signs a token of the issuer. */
export function issueOidcToken(
  { clock, signingKey }: IssuerParts,
  facts: IssuerFacts,
  { subject = facts.subject, audience, lifetimeSeconds = facts.lifetimeSeconds, claims }: OidcTokenOptions = {},
): Promise<string> {
  const now = epochSeconds(clock);
  return signingKey.sign({
    ...facts.claims,
    iss: facts.issuer,
    sub: subject,
    aud: audience ?? "api://AzureADTokenExchange",
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
    jti: randomUUID(),
    ...claims,
  });
}
