import { randomBytes } from "node:crypto";

/** The values of the challenges. */
export interface ChallengeFacts {
  readonly authorityHost: string;
  readonly tenantId: string;
  /**
   * The `nbf` that a new token needs, in seconds since 1970-01-01 UTC, for the formats with claims.
   */
  readonly notBefore: number;
}

/** The `WWW-Authenticate` headers of Azure's services, by name. */
const formats = {
  /** Continuous access evaluation: a claims challenge. */
  cae: (facts: ChallengeFacts) => scheme("Bearer", caeParameters(facts)),
  /**
   * A claims challenge after another scheme in the same header, as at Resource Manager and Graph.
   */
  "cae-after-pop": (facts: ChallengeFacts) => `${proofOfPossession()}, ${scheme("Bearer", caeParameters(facts))}`,
  /** A claims challenge with the former error code of Resource Manager. */
  "cae-invalid-token": ({ authorityHost, notBefore }: ChallengeFacts) =>
    scheme("Bearer", {
      authorization_uri: `${authorityHost}/`,
      error: "invalid_token",
      error_description: "The session has been revoked.",
      claims: encodeClaims(notBefore),
    }),
  /** Authority and resource, as at Key Vault. */
  "key-vault": ({ authorityHost, tenantId }: ChallengeFacts) =>
    scheme("Bearer", { authorization: `${authorityHost}/${tenantId}`, resource: "https://vault.azure.net" }),
  /** Authority and resource without quotes and commas, as at Storage. */
  storage: ({ authorityHost, tenantId }: ChallengeFacts) =>
    `Bearer authorization_uri=${authorityHost}/${tenantId}/oauth2/authorize resource_id=https://storage.azure.com`,
  /** The nonce for a proof-of-possession token. */
  "pop-nonce": proofOfPossession,
};

/** The name of a challenge. */
export type ChallengeFormat = keyof typeof formats;

export function formatChallenge(format: ChallengeFormat, facts: ChallengeFacts): string {
  return formats[format](facts);
}

export const challengeFormats: readonly string[] = Object.keys(formats);

export function isChallengeFormat(name: string): name is ChallengeFormat {
  return Object.hasOwn(formats, name);
}

function caeParameters({ authorityHost, notBefore }: ChallengeFacts): Record<string, string> {
  return {
    realm: "",
    authorization_uri: `${authorityHost}/common/oauth2/authorize`,
    error: "insufficient_claims",
    claims: encodeClaims(notBefore),
  };
}

/** The claims for a new token, as base64 of JSON. */
function encodeClaims(notBefore: number): string {
  const claims = { access_token: { nbf: { essential: true, value: String(notBefore) } } };
  return Buffer.from(JSON.stringify(claims)).toString("base64");
}

function proofOfPossession(): string {
  return scheme("PoP", { nonce: randomBytes(24).toString("base64url") });
}

/** One challenge: a scheme and its parameters. */
export function scheme(name: string, parameters: Readonly<Record<string, string>>): string {
  return `${name} ${Object.entries(parameters)
    .map(([key, value]) => `${key}="${value}"`)
    .join(", ")}`;
}
