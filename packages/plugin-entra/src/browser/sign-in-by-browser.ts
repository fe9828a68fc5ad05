import { isIdentityError } from "@azidentity/core/plugin";
import type { ResponseMode } from "../msal/authorization-code.ts";
import { untilAborted } from "../until-aborted.ts";
import type { SignInPage } from "../user/code-sign-in.ts";
import type { SignedIn } from "../user/sign-in.ts";
import { type Arrival, openRedirectPage } from "./await-redirect.ts";
import type { OpenBrowser } from "./open-browser.ts";
import { donePage, failedPage, type PageTexts } from "./pages.ts";
import { readCode } from "./redirect-answer.ts";
import type { RedirectUri } from "./redirect-uri.ts";

export interface BrowserSettings {
  /** Name of the source; starts the messages of errors. */
  readonly sourceName: string;
  readonly redirectUri: RedirectUri;
  readonly responseMode: ResponseMode;
  readonly texts: PageTexts;
  readonly open: OpenBrowser;
}

/**
 * Sends a person to sign in, and waits. Only the signal ends the wait for whoever never answers: that a window was closed is not to be
 * seen from here.
 */
export async function signInByBrowser(
  settings: BrowserSettings,
  { state, addressOf, redeem }: SignInPage,
  signal: AbortSignal,
): Promise<SignedIn> {
  signal.throwIfAborted();
  const { sourceName, redirectUri, responseMode, open } = settings;
  const page = await openRedirectPage(sourceName, { ...redirectUri, responseMode, state });
  try {
    const opened = addressOf(page.uri, responseMode).then((url) => {
      signal.throwIfAborted(); // or somebody would sign in for nobody
      return open(url);
    });
    const arrival = await untilAborted(Promise.race([page.arrival, opened]), signal);
    return await conclude(settings, arrival, (code) => redeem(code, page.uri), signal);
  } finally {
    await page.close();
  }
}

/** The browser waits until the code is redeemed, so that its page tells how it really ended. */
async function conclude(
  { sourceName, responseMode, texts }: BrowserSettings,
  { fields, method, show }: Arrival,
  redeem: (code: string) => Promise<SignedIn>,
  signal: AbortSignal,
): Promise<SignedIn> {
  try {
    const signedIn = await redeem(readCode(sourceName, fields, method, responseMode));
    await show(donePage(signedIn.record.username, texts));
    return signedIn;
  } catch (error) {
    const reason = signal.aborted
      ? "The program does not wait for this sign-in any longer."
      : reasonOf(sourceName, error);
    await show(failedPage(reason, texts));
    throw error;
  }
}

/** What happened, as a sentence. Only our own messages are known to hold no secrets; their remedies are for whoever runs the program. */
function reasonOf(sourceName: string, error: unknown): string {
  if (!isIdentityError(error)) return "Something unexpected went wrong.";
  const { message, remedy = "" } = error;
  const start = message.startsWith(`${sourceName}: `) ? sourceName.length + 2 : 0;
  const reason = message.slice(start, message.length - remedy.length).trim();
  return reason.replace(/^[a-z]+(?= )/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}
