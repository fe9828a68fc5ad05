import { randomUUID } from "node:crypto";
import { type Clock, epochSeconds } from "../clock.ts";
import type { SigningKey } from "../entra/signing-key.ts";
import type { JsonObject } from "../http/message.ts";

/** Changes to the token that an issuer would usually give out. */
export interface OidcTokenOptions {
  readonly subject?: string;
  /** Default: `api://AzureADTokenExchange`. */
  readonly audience?: string;
  /** Seconds until it expires, on the emulator's clock. */
  readonly lifetime?: number;
  /** More claims, or others. */
  readonly claims?: JsonObject;
}

export interface IssuerFacts {
  readonly issuer: string;
  readonly subject: string;
  /** Seconds until a token expires. */
  readonly lifetime: number;
  /** What its tokens say beside the registered claims. */
  readonly claims: JsonObject;
}

export interface IssuerParts {
  readonly clock: Clock;
  readonly signingKey: SigningKey;
}

/** Signs a token as the issuer does. */
export function issueOidcToken(
  { clock, signingKey }: IssuerParts,
  facts: IssuerFacts,
  { subject = facts.subject, audience, lifetime = facts.lifetime, claims }: OidcTokenOptions = {},
): Promise<string> {
  const now = epochSeconds(clock);
  return signingKey.sign({
    ...facts.claims,
    iss: facts.issuer,
    sub: subject,
    aud: audience ?? "api://AzureADTokenExchange",
    iat: now,
    nbf: now,
    exp: now + lifetime,
    jti: randomUUID(),
    ...claims,
  });
}
