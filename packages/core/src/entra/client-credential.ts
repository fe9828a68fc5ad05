import type { TokenRequest } from "../contract/token.ts";
import type { IdentityError } from "../errors/errors.ts";

/** The exchange that a client credential is for. */
export interface AssertionTarget extends Pick<TokenRequest, "signal" | "background" | "correlationId"> {
  /** Application (client) id. */
  readonly clientId: string;
  /** Id or domain of the tenant. */
  readonly tenantId: string;
  /** URL of the tenant's token endpoint; the audience of an assertion. */
  readonly tokenEndpoint: string;
}

/**
 * What authenticates an application in one exchange: a secret, or an assertion.
 * RFC 6749 section 2.3, RFC 7523 section 2.2.
 */
export type ClientCredential = ({ readonly secret: string } | { readonly assertion: string }) & {
  /** Called when Entra has accepted it. */
  onAccepted?(): void;
  /**
   * The credential to send after Entra has refused this one with `error`; `undefined`: none.
   *
   * @throws {AuthenticationError} such as `oidc-token-refused`, which then replaces the refusal
   */
  fallback?(error: IdentityError): Promise<ClientCredential | undefined>;
};

/** Makes the client credential for one exchange. Called again for each retry. */
export type ClientAuthentication = (target: AssertionTarget) => Promise<ClientCredential>;

/** The parameters of a token request that authenticate the application. */
export function credentialParameters(credential: ClientCredential): Readonly<Record<string, string>> {
  if ("secret" in credential) return { client_secret: credential.secret };
  return {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: credential.assertion,
  };
}

/** The value of a client credential, which must not be shown. */
export function secretOf(credential: ClientCredential): string {
  return "secret" in credential ? credential.secret : credential.assertion;
}
