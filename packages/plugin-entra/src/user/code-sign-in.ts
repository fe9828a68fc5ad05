import type { RetryTable, SourceContext } from "@azidentity/core/plugin";
import { authorizationUrl, type RedeemableCode, type ResponseMode, redeemCode } from "../msal/authorization-code.ts";
import type { SignedIn, SignIn, SignInRequest, UserApplication } from "./sign-in.ts";

/** A sign-in page of Entra's, for one sign-in. */
export interface SignInPage {
  /** Its address, when the answer is to go to `redirectUri`. */
  readonly addressOf: (redirectUri: string, responseMode: ResponseMode) => Promise<string>;
  /** What the answer has to carry: one with another `state` belongs to somebody else and is left alone. */
  readonly state: string;
  /** The tokens for the code in its answer; rejects when they are somebody else's than asked for. */
  readonly redeem: (code: string, redirectUri: string) => Promise<SignedIn>;
}

/** Shows a person the page, waits for its answer and redeems it. Ends at once with the signal. */
export type ShowPage = (page: SignInPage, signal: AbortSignal) => Promise<SignedIn>;

/** Wishes about the page, in Entra's words. */
export interface PageOptions {
  /** Default: `login` for somebody who is named, else `select_account`. */
  readonly prompt?: string | undefined;
  /** Account name of whom to ask for while nobody is signed in. */
  readonly loginHint?: string | undefined;
  readonly domainHint?: string | undefined;
}

/**
 * A code is good once, and an answer that was lost on the way may have been its tokens: so it is sent again only where Entra says that it has
 * not looked at it.
 */
const codeRetries: RetryTable = { statuses: [429, 503], delaysMs: [500, 1_000, 1_500] };

/** The tokens for a code. */
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

/** Signs in by an authorization code with proof key (RFC 7636), state and nonce, all new for each sign-in. */
export function signInByCode(
  application: UserApplication,
  options: PageOptions,
  showPage: ShowPage,
  context: SourceContext,
): SignIn {
  return (request, check) => {
    const [codeVerifier, state, nonce] = [random(), random(), random()];
    const { domainHint } = options;
    const loginHint = request.loginHint ?? options.loginHint; // whoever is signed in already: nobody else's answer would do
    const prompt = options.prompt ?? (loginHint === undefined ? "select_account" : "login");
    const asked = { state, nonce, codeChallenge: challengeOf(codeVerifier), prompt, loginHint, domainHint };
    const page: SignInPage = {
      state,
      addressOf: (redirectUri, responseMode) =>
        authorizationUrl(application, { ...asked, redirectUri, responseMode }, request, context),
      async redeem(code, redirectUri) {
        const signedIn = await redeemOnce(application, { code, redirectUri, codeVerifier, nonce }, request, context);
        check(signedIn.record);
        return signedIn;
      },
    };
    return showPage(page, request.signal);
  };
}
