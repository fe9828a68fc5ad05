import type { Page } from "./page.ts";

/** Texts of the pages that a program may replace: plain text. Names as in the Azure SDKs. */
export interface PageTexts {
  /** What to do next after signing in. */
  readonly successMessage?: string | undefined;
  /** What to do next after a failure. */
  readonly errorMessage?: string | undefined;
}

const maxReasonLength = 600;

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

/** @param reason what went wrong; may quote Entra, or a server that answers in its place */
export function failedPage(reason: string, { errorMessage }: PageTexts): Page {
  const text = reason.length > maxReasonLength ? `${reason.slice(0, maxReasonLength)}…` : reason;
  return {
    tone: "failed",
    heading: "You are not signed in",
    paragraphs: [text, errorMessage ?? "Close this window and go back to the program to sign in again."],
  };
}

/**
 * For requests that are not the response of the current sign-in, such as a tab of an earlier one.
 */
export const strayPage: Page = {
  tone: "failed",
  heading: "Nothing happened here",
  paragraphs: [
    "This page does not belong to the current sign-in.",
    "Close this window and go back to the program to sign in again.",
  ],
};
