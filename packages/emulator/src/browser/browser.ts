import type { Tenant } from "../entra/directory.ts";
import { deviceDoneTitle } from "../pages/device-pages.ts";
import type { ReadPage } from "./forms.ts";
import { createScriptlessBrowser, type Visit } from "./scriptless-browser.ts";
import { answerPages, type SignInOptions, SignInPageError, type SignInStep } from "./sign-in-steps.ts";

/** The end of a sign-in, and the authorization response for the client. */
export interface SignInOutcome {
  /** The pages that were shown, in order. */
  readonly steps: readonly SignInStep[];
  /** `POST` for `response_mode=form_post`, otherwise `GET`. */
  readonly method: "GET" | "POST";
  /** The redirect URI with the response parameters. */
  readonly url: string;
  /** The authorization response: `code`, `state`, or `error`, `error_description` ... */
  readonly parameters: Readonly<Record<string, string>>;
  /** The client's HTTP response, if the browser has followed the redirect. */
  readonly answer: { readonly status: number; readonly body: string } | undefined;
}

/** The end of a sign-in for a device. */
export interface DeviceSignInOutcome {
  /** The pages that were shown, in order. */
  readonly steps: readonly SignInStep[];
  /** Whether the device code was approved; `false` if the user has cancelled. */
  readonly approved: boolean;
}

/** A browser that keeps its cookies and fills in the pages of a sign-in. */
export interface Browser {
  /**
   * Signs in at an authorization URL, page by page.
   *
   * @throws {SignInPageError} The sign-in ends on a page, without a redirect to the client.
   */
  signIn(url: string, options?: SignInOptions): Promise<SignInOutcome>;
  /**
   * Types the user code of a device, and signs in for it.
   *
   * @throws {SignInPageError} A page rejects the code or an answer.
   */
  signInAtDevice(userCode: string, options?: Omit<SignInOptions, "follow">): Promise<DeviceSignInOutcome>;
  /**
   * Opens any other URL of the emulator, such as the sign-out.
   *
   * @throws {Error} No server answers at the URL.
   */
  open(url: string): Promise<OpenedPage>;
}

/** A page of the emulator (`title`), or a redirect (`url`). */
export interface OpenedPage {
  /** The title of the page; `undefined` for a redirect. */
  readonly title: string | undefined;
  /** The target of the redirect; `undefined` for a page. */
  readonly url: string | undefined;
}

export interface BrowserParts {
  readonly authorityHost: string;
  readonly caCertificate: string;
  readonly tenants: readonly Tenant[];
}

export function createBrowser({ authorityHost, caCertificate, tenants }: BrowserParts): Browser {
  const browser = createScriptlessBrowser(authorityHost, caCertificate);
  return {
    async signIn(url, options = {}) {
      const { end, steps } = await answerPages(browser, tenants, await browser.open(url), options);
      if ("page" in end) throw new SignInPageError(end.page);
      const answer = options.follow ? await browser.follow(end.client) : undefined;
      return { steps, ...end.client, answer: answer && { status: answer.status, body: answer.body } };
    },
    async signInAtDevice(userCode, options = {}) {
      const start = readDevicePage(await browser.open(`${authorityHost}/common/oauth2/deviceauth`));
      const first = await browser.submit(start, { user_code: userCode });
      const { end, steps } = await answerPages(browser, tenants, first, options);
      const page = readDevicePage(end);
      if (page.alert !== undefined) throw new SignInPageError(page);
      return { steps, approved: page.title === deviceDoneTitle };
    },
    async open(url) {
      const visit = await browser.open(url);
      return "page" in visit
        ? { title: visit.page.title, url: undefined }
        : { title: undefined, url: visit.client.url };
    },
  };
}

/** A sign-in for a device begins and ends at the authority. */
function readDevicePage(visit: Visit): ReadPage {
  if ("page" in visit) return visit.page;
  throw new TypeError(`The sign-in for a device ended at ${visit.client.url}, not on a page of the emulator.`);
}
