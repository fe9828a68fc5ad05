import type { ReadPage } from "./forms.ts";

/** A sign-in has ended on a page, and no client was told: `code` is the AADSTS number on it, if there is one. */
export class SignInPageError extends Error {
  override readonly name = "SignInPageError";
  readonly code: number | undefined;

  constructor({ title, alert }: ReadPage) {
    super(alert === undefined ? `The sign-in ends on the page "${title}".` : `${title}: ${alert}`);
    const [, code] = /AADSTS(\d+)/.exec(alert ?? "") ?? [];
    this.code = code === undefined ? undefined : Number(code);
  }
}
