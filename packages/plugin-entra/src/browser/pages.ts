import type { Page } from "./page.ts";

/** What a program may say on the pages in its own words: plain text, under the Azure SDKs' names. */
export interface PageTexts {
  /** What to do next after signing in. */
  readonly successMessage?: string | undefined;
  /** What to do next when it did not work. */
  readonly errorMessage?: string | undefined;
}

const longestReason = 600;

export function donePage(account: string, { successMessage }: PageTexts): Page {
  return {
    tone: "done",
    heading: "You are signed in",
    paragraphs: [
      ...(account === "" ? [] : [`Signed in as ${account}.`]),
      successMessage ?? "You can close this window and go back to the program.",
    ],
  };
}

/** @param reason what went wrong, in words that may be Entra's, or whoever's who takes its place */
export function failedPage(reason: string, { errorMessage }: PageTexts): Page {
  const said = reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
  return {
    tone: "failed",
    heading: "You are not signed in",
    paragraphs: [said, errorMessage ?? "Close this window and go back to the program to sign in again."],
  };
}

/** For whoever comes without the answer to the sign-in that is under way, such as a tab of an earlier one. */
export const strayPage: Page = {
  tone: "failed",
  heading: "Nothing happened here",
  paragraphs: [
    "This is not the answer to the sign-in that is under way.",
    "Close this window and go back to the program to sign in again.",
  ],
};
