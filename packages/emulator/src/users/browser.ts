import { type Account, findAccount } from "../entra/accounts.ts";
import type { Tenant } from "../entra/directory.ts";
import { deviceDoneTitle } from "../pages/device-pages.ts";
import type { ReadPage } from "./forms.ts";
import { createScriptlessBrowser, type Visit } from "./scriptless-browser.ts";
import { SignInPageError } from "./sign-in-page-error.ts";

/** The questions of a sign-in, one a page; `refused` is what a page says to whom it does not let through. */
export type SignInStep = (typeof signInSteps)[number];
const signInSteps = ["account", "create", "password", "second-factor", "confirm", "consent", "refused"] as const;

export interface SignInOptions {
  /** Account name of the person. Default: the first user of the directory. */
  readonly account?: string;
  /** What the person types. Default: the right password, and the right code. */
  readonly password?: string;
  readonly secondFactor?: string;
  /** The page on which the person gives up: with Decline at `"consent"`, with Cancel elsewhere. `true`: the first. Default: none. */
  readonly decline?: SignInStep | boolean;
  /** Whether the browser goes on to the client, as a person's would. Default: false. */
  readonly follow?: boolean;
}

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

  /** Answers questions until there is none. */
  async function walk(first: Visit, options: SignInOptions): Promise<{ end: Visit; steps: readonly SignInStep[] }> {
    const account = choosePerson(tenants, options.account);
    const steps: SignInStep[] = [];
    let visit = first;
    while ("page" in visit) {
      const step = stepOf(visit.page);
      if (step === undefined) break;
      const isWrong = visit.page.alert !== undefined && options.decline !== step;
      if (isWrong) throw new SignInPageError(visit.page);
      steps.push(step);
      visit = await browser.submit(visit.page, answerTo(step, visit.page, account, options));
    }
    return { end: visit, steps };
  }

  return {
    async signIn(url, options = {}) {
      const { end, steps } = await walk(await browser.open(url), options);
      if ("page" in end) throw new SignInPageError(end.page);
      const answer = options.follow ? await browser.follow(end.client) : undefined;
      return { steps, ...end.client, answer: answer && { status: answer.status, body: answer.body } };
    },
    async signInAtDevice(userCode, options = {}) {
      const start = await browser.open(`${authorityHost}/common/oauth2/deviceauth`);
      if (!("page" in start)) throw new TypeError("The page for the code of a device is not there.");
      const { end, steps } = await walk(await browser.submit(start.page, { user_code: userCode }), options);
      if (!("page" in end) || end.page.alert !== undefined)
        throw new SignInPageError("page" in end ? end.page : start.page);
      return { steps, approved: end.page.title === deviceDoneTitle };
    },
    async open(url) {
      const visit = await browser.open(url);
      return "page" in visit
        ? { title: visit.page.title, url: undefined }
        : { title: undefined, url: visit.client.url };
    },
  };
}

function choosePerson(tenants: readonly Tenant[], username: string | undefined): Account | { username: string } {
  const [first] = tenants.flatMap(({ users }) => users);
  const name = username ?? first?.username;
  if (name === undefined)
    throw new RangeError("No tenant has a user. Give it one: `tenants: [{ users: [{ username, password }] }]`.");
  return findAccount(tenants, name) ?? { username: name };
}

function stepOf({ form }: ReadPage): SignInStep | undefined {
  return signInSteps.find((step) => step === form?.fields.step);
}

function answerTo(
  step: SignInStep,
  page: ReadPage,
  person: Account | { username: string },
  { password, secondFactor, decline }: SignInOptions,
): Readonly<Record<string, string>> {
  if (decline === true || decline === step) return { answer: step === "consent" ? "decline" : "cancel" };
  const user = "user" in person ? person.user : { ...person, password: undefined, secondFactor: undefined };
  switch (step) {
    case "account":
      return { username: user.username };
    case "create":
      return { username: user.username, password: password ?? "chosen by the person" };
    case "password":
      // the page may be somebody else's, whom a hint or a cookie names
      return page.form?.fields.username?.toLowerCase() === user.username.toLowerCase()
        ? { password: password ?? user.password ?? "" }
        : { answer: "another" };
    case "second-factor":
      return { code: secondFactor ?? user.secondFactor ?? "" };
    default:
      return { answer: "accept" };
  }
}
