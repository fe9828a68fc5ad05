import type { IdentityError, TokenRequest } from "@azidentity/core/plugin";

/** The exchange that a client credential is for. */
export interface AssertionTarget extends Pick<TokenRequest, "signal" | "background" | "correlationId"> {
  /** Application (client) id. */
  readonly clientId: string;
  /** Id or domain of the tenant. */
  readonly tenantId: string;
  /** URL that the credential is sent to; the audience of an assertion. */
  readonly tokenEndpoint: string;
}

/**
 * What authenticates an application in one exchange: a secret, or an assertion.
 * RFC 6749 section 2.3, RFC 7523 section 2.2.
 */
export type ClientCredential = ({ readonly secret: string } | { readonly assertion: string }) & {
  /** Called when Entra has accepted it. */
  onAccepted?(): void;
  /** The credential to send after Entra has refused this one with `error`; `undefined`: none. */
  fallback?(error: IdentityError): Promise<ClientCredential | undefined>;
};

/** Makes the client credential for one exchange. */
export type ClientAuthentication = (target: AssertionTarget) => Promise<ClientCredential>;

export const secretAuthentication =
  (secret: string): ClientAuthentication =>
  async () => ({ secret });
