import type { SignedIn, SignInRequest, UserApplication } from "../user/sign-in.ts";
import { callMsal, type ExchangeContext } from "./exchange.ts";
import { applicationOf, exchangeForUser } from "./user-grants.ts";

/** An authorization code, and the parameters of the request that it answers. */
export interface RedeemableCode {
  readonly code: string;
  /** As in the request for the code. */
  readonly redirectUri: string;
  /** RFC 7636 section 4.1; `undefined`: the request had no challenge. */
  readonly codeVerifier?: string | undefined;
  /** Expected in the id_token; `undefined`: the request had no nonce. */
  readonly nonce?: string | undefined;
}

/** Redeems a code, which is valid once, for the tokens of a user. RFC 6749 section 4.1.3. */
export function redeemCode(
  application: UserApplication,
  { code, redirectUri, codeVerifier, nonce }: RedeemableCode,
  request: SignInRequest,
  context: ExchangeContext,
): Promise<SignedIn> {
  const secrets = [code, ...(codeVerifier === undefined ? [] : [codeVerifier])];
  return exchangeForUser({ application, secrets, request, context }, (msal, configuration, common) =>
    applicationOf(msal, configuration, application).acquireTokenByCode({
      ...common,
      code,
      redirectUri,
      codeVerifier,
      nonce,
    }),
  );
}

/**
 * How the sign-in page returns its result: in a form that the browser posts, or in the query of the
 * URL.
 */
export type ResponseMode = "form_post" | "query";

/** Parameters of an authorization request. */
export interface AuthorizationRequest {
  readonly responseMode: ResponseMode;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636 section 4.2, method S256. */
  readonly codeChallenge: string;
  readonly prompt?: string | undefined;
  readonly loginHint?: string | undefined;
  readonly domainHint?: string | undefined;
}

/**
 * The URL of Entra's sign-in page. Source:
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code
 */
export function authorizationUrl(
  application: UserApplication,
  page: AuthorizationRequest,
  request: SignInRequest,
  context: ExchangeContext,
): Promise<string> {
  const { sourceName, clientId } = application;
  const settings = { sourceName, tenantId: request.tenantId, clientId, secrets: [], request, isRepeatable: true };
  return callMsal(settings, context, (msal, configuration, common) =>
    new msal.PublicClientApplication(configuration).getAuthCodeUrl({
      ...common,
      ...page,
      codeChallengeMethod: "S256",
    }),
  );
}
