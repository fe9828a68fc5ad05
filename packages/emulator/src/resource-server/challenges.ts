import { randomBytes } from "node:crypto";

/** What the forms have in common. */
export interface ChallengeFacts {
  readonly authorityHost: string;
  readonly tenantId: string;
  /** Seconds since 1970-01-01 UTC from which on a token has to be valid, for the forms that carry claims. */
  readonly notBefore: number;
}

/** The values of `WWW-Authenticate` by which Azure's services say what they want, by name. */
const forms = {
  /** Continuous access evaluation: another token, that satisfies these claims. */
  cae: (facts: ChallengeFacts) => scheme("Bearer", caeParameters(facts)),
  /** The same behind another scheme in the same header, as Resource Manager and Graph have it. */
  "cae-after-pop": (facts: ChallengeFacts) => `${proofOfPossession()}, ${scheme("Bearer", caeParameters(facts))}`,
  /** The same under the error that Resource Manager used before. */
  "cae-invalid-token": ({ authorityHost, notBefore }: ChallengeFacts) =>
    scheme("Bearer", {
      authorization_uri: `${authorityHost}/`,
      error: "invalid_token",
      error_description: "The session has been revoked.",
      claims: encodeClaims(notBefore),
    }),
  /** Whom to ask for which token, at Key Vault. */
  "key-vault": ({ authorityHost, tenantId }: ChallengeFacts) =>
    scheme("Bearer", { authorization: `${authorityHost}/${tenantId}`, resource: "https://vault.azure.net" }),
  /** The same at Storage: without quotes, and divided by spaces. */
  storage: ({ authorityHost, tenantId }: ChallengeFacts) =>
    `Bearer authorization_uri=${authorityHost}/${tenantId}/oauth2/authorize resource_id=https://storage.azure.com`,
  /** The nonce for a token that is bound to a request. */
  "pop-nonce": proofOfPossession,
};

/** How a service words its refusal of a request. */
export type ChallengeForm = keyof typeof forms;

export function formatChallenge(form: ChallengeForm, facts: ChallengeFacts): string {
  return forms[form](facts);
}

export const challengeForms: readonly string[] = Object.keys(forms);

export function isChallengeForm(name: string): name is ChallengeForm {
  return Object.hasOwn(forms, name);
}

function caeParameters({ authorityHost, notBefore }: ChallengeFacts): Record<string, string> {
  return {
    realm: "",
    authorization_uri: `${authorityHost}/common/oauth2/authorize`,
    error: "insufficient_claims",
    claims: encodeClaims(notBefore),
  };
}

/** What a new token has to satisfy, as base64 of JSON. */
function encodeClaims(notBefore: number): string {
  const claims = { access_token: { nbf: { essential: true, value: String(notBefore) } } };
  return Buffer.from(JSON.stringify(claims)).toString("base64");
}

function proofOfPossession(): string {
  return scheme("PoP", { nonce: randomBytes(24).toString("base64url") });
}

/** One challenge of the header: a scheme and its parameters. */
export function scheme(name: string, parameters: Readonly<Record<string, string>>): string {
  return `${name} ${Object.entries(parameters)
    .map(([key, value]) => `${key}="${value}"`)
    .join(", ")}`;
}
