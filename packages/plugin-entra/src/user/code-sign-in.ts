import type { RetryTable, SourceContext } from "@azidentity/core/plugin";
import { pageAddress, type RedeemableCode, redeemCode } from "../msal/authorization-code.ts";
import type { SignedIn, SignIn, SignInRequest, UserApplication } from "./sign-in.ts";

/** What brings a person to the sign-in page is asked for. */
export interface CodeRequest {
  /** The address of the page that sends its answer, a form by POST, to `redirectUri`. */
  readonly addressOf: (redirectUri: string) => Promise<string>;
  /** What the answer has to carry as `state`: one with another belongs to somebody else and is left alone. */
  readonly state: string;
  readonly request: SignInRequest;
}

/** Shows a person the sign-in page and waits for its answer. Ends at once with the signal of the request. */
export type GetCode = (asked: CodeRequest) => Promise<Pick<RedeemableCode, "code" | "redirectUri">>;

/** Wishes about the page, in Entra's words. */
export interface PageOptions {
  /** Default: `login` for somebody who is named, else `select_account`. */
  readonly prompt?: string | undefined;
  /** Account name of whom to ask for; default: whoever is signed in already. */
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
  getCode: GetCode,
  context: SourceContext,
): SignIn {
  return async (request) => {
    const [codeVerifier, state, nonce] = [random(), random(), random()];
    const { domainHint, loginHint = request.loginHint } = options;
    const prompt = options.prompt ?? (loginHint === undefined ? "select_account" : "login");
    const page = { state, nonce, codeChallenge: challengeOf(codeVerifier), prompt, loginHint, domainHint };
    const addressOf = (redirectUri: string) => pageAddress(application, { ...page, redirectUri }, request, context);
    const { code, redirectUri } = await getCode({ addressOf, state, request });
    return redeemOnce(application, { code, redirectUri, codeVerifier, nonce }, request, context);
  };
}
