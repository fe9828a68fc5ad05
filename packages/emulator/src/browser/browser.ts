import type { Tenant } from "../entra/directory.ts";
import { deviceDoneTitle } from "../pages/device-pages.ts";
import type { ReadPage } from "./forms.ts";
import { createScriptlessBrowser, type Visit } from "./scriptless-browser.ts";
import { answerPages, type SignInOptions, SignInPageError, type SignInStep } from "./sign-in-steps.ts";

/** How a sign-in has ended for the client that wanted it. */
export interface SignedIn {
  /** The pages that were seen, in their order. */
  readonly steps: readonly SignInStep[];
  readonly method: "GET" | "POST";
  /** Where the browser was sent. */
  readonly url: string;
  /** What the client is told: `code`, `state`, or `error`, `error_description` ... */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the client has answered, if the browser has gone there. */
  readonly answer: { readonly status: number; readonly body: string } | undefined;
}

/** How a sign-in for a device has ended. */
export interface DeviceSignedIn {
  readonly steps: readonly SignInStep[];
  readonly approved: boolean;
}

/** A browser that keeps its cookies, with a person in front of it who does as told. */
export interface Browser {
  /** Signs in at an authorization URL, page by page. Rejects with a {@link SignInPageError} when it ends on a page that tells of an error. */
  signIn(url: string, options?: SignInOptions): Promise<SignedIn>;
  /** Types the code of a device, and signs in for it. */
  signInAtDevice(userCode: string, options?: Omit<SignInOptions, "follow">): Promise<DeviceSignedIn>;
  /** Opens any other address of the emulator, such as that of the sign-out. */
  open(url: string): Promise<Opened>;
}

/** What a browser shows: a page of the emulator's, or the address to which it was sent. */
export interface Opened {
  readonly title: string | undefined;
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
