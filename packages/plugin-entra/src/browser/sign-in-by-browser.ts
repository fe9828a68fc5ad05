import { isIdentityError } from "@azidentity/core/plugin";
import { untilAborted } from "../proof/until-aborted.ts";
import { type Arrival, openRedirectPage } from "./await-redirect.ts";
import type { OpenBrowser } from "./open-browser.ts";
import { donePage, failedPage, type PageTexts } from "./pages.ts";
import { readCode } from "./redirect-answer.ts";
import type { ResponseMode } from "./redirect-request.ts";
import type { RedirectUri } from "./redirect-uri.ts";

export interface BrowserSignIn<T> {
  /** Name of the source; starts the messages of errors. */
  readonly who: string;
  readonly redirectUri: RedirectUri;
  readonly responseMode: ResponseMode;
  readonly texts: PageTexts;
  readonly open: OpenBrowser;
  /** Where the person signs in, so that the answer goes to `redirectUri` with `state`. */
  readonly authorizeUrl: (redirectUri: string, state: string) => string;
  /** What the code is good for. The browser waits, so that its page tells how it really ended. */
  readonly redeem: (code: string, redirectUri: string) => Promise<T>;
  /** Whom the page says has signed in. */
  readonly accountOf: (result: T) => string | undefined;
}

/**
 * Sends a person to sign in, and waits. Only the signal ends the wait of whom the person never answers: that a window was closed is not
 * to be seen from here.
 */
export async function signInByBrowser<T>(signIn: BrowserSignIn<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { who, redirectUri, responseMode, open, authorizeUrl } = signIn;
  const state = process.getBuiltinModule("node:crypto").randomBytes(32).toString("base64url");
  const page = await openRedirectPage(who, { ...redirectUri, responseMode, state });
  try {
    const opened = open(authorizeUrl(page.uri, state));
    const arrival = await untilAborted(Promise.race([page.arrival, opened]), signal);
    return await conclude(signIn, arrival, page.uri);
  } finally {
    await page.close();
  }
}

async function conclude<T>(
  { who, responseMode, texts, redeem, accountOf }: BrowserSignIn<T>,
  { fields, method, show }: Arrival,
  uri: string,
): Promise<T> {
  try {
    const result = await redeem(readCode(who, fields, method, responseMode), uri);
    await show(donePage(accountOf(result), texts));
    return result;
  } catch (error) {
    await show(failedPage(reasonOf(who, error), texts));
    throw error;
  }
}

/** Only our own messages are known to hold no secrets. */
function reasonOf(who: string, error: unknown): string {
  const message = isIdentityError(error) ? error.message : "Something unexpected went wrong.";
  return message.startsWith(`${who}: `) ? message.slice(who.length + 2) : message;
}
