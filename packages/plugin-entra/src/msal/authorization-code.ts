import type { SignedIn, SignInRequest, UserApplication } from "../user/sign-in.ts";
import { askMsal, type ExchangeContext } from "./exchange.ts";
import { applicationOf, exchangeForUser } from "./user-exchange.ts";

/** An authorization code, and what has to be known of the request that brought it. */
export interface RedeemableCode {
  readonly code: string;
  /** As in the request for the code. */
  readonly redirectUri: string;
  /** RFC 7636 section 4.1; `undefined`: the code was asked for without a challenge. */
  readonly codeVerifier?: string | undefined;
  /** What the id_token has to carry; `undefined`: none was sent. */
  readonly nonce?: string | undefined;
}

/** The tokens of a user for a code, which is good once. RFC 6749 section 4.1.3. */
export function redeemCode(
  application: UserApplication,
  { code, redirectUri, codeVerifier, nonce }: RedeemableCode,
  request: SignInRequest,
  context: ExchangeContext,
): Promise<SignedIn> {
  const secrets = [code, ...(codeVerifier === undefined ? [] : [codeVerifier])];
  return exchangeForUser(application, secrets, request, context, (msal, configuration, common) =>
    applicationOf(msal, configuration, application).acquireTokenByCode({
      ...common,
      code,
      redirectUri,
      codeVerifier,
      nonce,
    }),
  );
}

/** How a sign-in page answers: by a form that the browser posts, or in the query of the address. */
export type ResponseMode = "form_post" | "query";

/** What a sign-in page is to do. */
export interface PageRequest {
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
 * The address of Entra's sign-in page.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code
 */
export function pageAddress(
  application: UserApplication,
  page: PageRequest,
  request: SignInRequest,
  context: ExchangeContext,
): Promise<string> {
  const { who, clientId } = application;
  const settings = { who, tenantId: request.tenantId, clientId, secrets: [], request };
  return askMsal(settings, context, (msal, configuration, common) =>
    new msal.PublicClientApplication(configuration).getAuthCodeUrl({
      ...common,
      ...page,
      codeChallengeMethod: "S256",
    }),
  );
}
