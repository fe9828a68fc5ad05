import type { RetryTable, SourceContext } from "@azidentity/core/plugin";
import { authorizationUrl, type RedeemableCode, type ResponseMode, redeemCode } from "../msal/authorization-code.ts";
import type { SignedIn, SignIn, SignInRequest, UserApplication } from "./sign-in.ts";

/** Entra's sign-in page, for one sign-in. */
export interface SignInPage {
  /** Its URL, with the URI that receives the response. */
  readonly urlFor: (redirectUri: string, responseMode: ResponseMode) => Promise<string>;
  /**
   * Expected in the response; one with another `state` belongs to another sign-in and is ignored.
   */
  readonly state: string;
  /**
   * Redeems the code of the response; rejects if another user than the expected one has signed in.
   */
  readonly redeem: (code: string, redirectUri: string) => Promise<SignedIn>;
}

/**
 * Shows the page to the user, waits for its response and redeems it. Rejects as soon as the signal
 * is aborted.
 */
export type ShowPage = (page: SignInPage, signal: AbortSignal) => Promise<SignedIn>;

/** Parameters of the sign-in page, named as in Entra's protocol. */
export interface PageOptions {
  /** Default: `login` with a known account, else `select_account`. */
  readonly prompt?: string | undefined;
  /** Account name that the page suggests while no user is signed in. */
  readonly loginHint?: string | undefined;
  readonly domainHint?: string | undefined;
}

/**
 * A code is valid once, and a lost response may have held its tokens. So the request is repeated
 * only for statuses that mean Entra has not processed it.
 */
const codeRetries: RetryTable = { statuses: [429, 503], delaysMs: [500, 1_000, 1_500] };

/** Redeems a code, with retries where they are safe. */
export function redeemOnce(
  application: UserApplication,
  code: RedeemableCode,
  request: SignInRequest,
  context: SourceContext,
): Promise<SignedIn> {
  return context.retry(codeRetries, () => redeemCode(application, code, request, context), request);
}

const random = () => process.getBuiltinModule("node:crypto").randomBytes(32).toString("base64url");
const challengeOf = (verifier: string) => process.getBuiltinModule("node:crypto").hash("sha256", verifier, "base64url");

/**
 * Signs in by an authorization code with PKCE (RFC 7636), state and nonce, all new for each
 * sign-in.
 */
export function signInByCode(
  application: UserApplication,
  options: PageOptions,
  showPage: ShowPage,
  context: SourceContext,
): SignIn {
  return (request, check) => {
    const [codeVerifier, state, nonce] = [random(), random(), random()];
    const { domainHint } = options;
    const loginHint = request.loginHint ?? options.loginHint; // a signed-in user: no other account is accepted
    const prompt = options.prompt ?? (loginHint === undefined ? "select_account" : "login");
    const parameters = { state, nonce, codeChallenge: challengeOf(codeVerifier), prompt, loginHint, domainHint };
    const page: SignInPage = {
      state,
      urlFor: (redirectUri, responseMode) =>
        authorizationUrl(application, { ...parameters, redirectUri, responseMode }, request, context),
      async redeem(code, redirectUri) {
        const signedIn = await redeemOnce(application, { code, redirectUri, codeVerifier, nonce }, request, context);
        check(signedIn.record);
        return signedIn;
      },
    };
    return showPage(page, request.signal);
  };
}
