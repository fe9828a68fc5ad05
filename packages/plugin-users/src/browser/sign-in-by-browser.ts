import { isIdentityError, untilAborted } from "@azidentity/core/plugin";
import type { ResponseMode } from "../msal/authorization-code.ts";
import type { SignInPage } from "../user/code-sign-in.ts";
import type { SignedIn } from "../user/sign-in.ts";
import { openRedirectPage, type RedirectResponse } from "./await-redirect.ts";
import type { OpenBrowser } from "./open-browser.ts";
import { donePage, failedPage, type PageTexts } from "./pages.ts";
import { readCode } from "./redirect-answer.ts";
import type { RedirectUri } from "./redirect-uri.ts";

export interface BrowserSettings {
  /** Name of the source; prefix of error messages. */
  readonly sourceName: string;
  readonly redirectUri: RedirectUri;
  readonly responseMode: ResponseMode;
  readonly texts: PageTexts;
  readonly open: OpenBrowser;
}

/**
 * Opens the sign-in page in the browser, and waits for its response. Only the signal ends the wait
 * if the user never responds: this process cannot detect a closed window.
 */
export async function signInByBrowser(
  settings: BrowserSettings,
  { state, urlFor, redeem }: SignInPage,
  signal: AbortSignal,
): Promise<SignedIn> {
  signal.throwIfAborted();
  const { sourceName, redirectUri, responseMode, open } = settings;
  const page = await openRedirectPage(sourceName, { ...redirectUri, responseMode, state });
  try {
    const opened = urlFor(page.uri, responseMode).then((url) => {
      signal.throwIfAborted(); // otherwise the user would sign in after the caller has left
      return open(url);
    });
    const response = await untilAborted(Promise.race([page.response, opened]), signal);
    return await conclude(settings, response, (code) => redeem(code, page.uri), signal);
  } finally {
    await page.close();
  }
}

/** Redeems the code before the browser gets its page, so that the page shows the actual result. */
async function conclude(
  { sourceName, responseMode, texts }: BrowserSettings,
  { fields, method, show }: RedirectResponse,
  redeem: (code: string) => Promise<SignedIn>,
  signal: AbortSignal,
): Promise<SignedIn> {
  try {
    const signedIn = await redeem(readCode(sourceName, fields, method, responseMode));
    await show(donePage(signedIn.record.username, texts));
    return signedIn;
  } catch (error) {
    const reason = signal.aborted ? "The program no longer waits for this sign-in." : reasonOf(sourceName, error);
    await show(failedPage(reason, texts));
    throw error;
  }
}

/**
 * The reason as a sentence. Only messages of this package are known to have no secrets; their
 * remedies are for developers, so they are left out.
 */
function reasonOf(sourceName: string, error: unknown): string {
  if (!isIdentityError(error)) return "Something unexpected went wrong.";
  const { message, remedy = "" } = error;
  const start = message.startsWith(`${sourceName}: `) ? sourceName.length + 2 : 0;
  const reason = message.slice(start, message.length - remedy.length).trim();
  return reason.replace(/^[a-z]+(?= )/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}
