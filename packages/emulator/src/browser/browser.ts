import type { Tenant } from "../entra/directory.ts";
import { findAccount } from "../entra/users/accounts.ts";
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

  /** Answers question after question, until there is none or the answer was wrong. */
  async function answerAll(
    first: Visit,
    options: SignInOptions,
  ): Promise<{ end: Visit; steps: readonly SignInStep[] }> {
    const person = choosePerson(tenants, options);
    const steps: SignInStep[] = [];
    let visit = first;
    for (;;) {
      const step = "page" in visit ? stepOf(visit.page) : undefined;
      if (!("page" in visit) || step === undefined) return { end: visit, steps };
      const isDeclined = options.decline === true || options.decline === step;
      if (visit.page.alert !== undefined && !isDeclined) throw new SignInPageError(visit.page);
      steps.push(step);
      visit = await browser.submit(visit.page, isDeclined ? declineAt(step) : answerTo(step, visit.page, person));
    }
  }

  return {
    async signIn(url, options = {}) {
      const { end, steps } = await answerAll(await browser.open(url), options);
      if ("page" in end) throw new SignInPageError(end.page);
      const answer = options.follow ? await browser.follow(end.client) : undefined;
      return { steps, ...end.client, answer: answer && { status: answer.status, body: answer.body } };
    },
    async signInAtDevice(userCode, options = {}) {
      const start = readDevicePage(await browser.open(`${authorityHost}/common/oauth2/deviceauth`));
      const { end, steps } = await answerAll(await browser.submit(start, { user_code: userCode }), options);
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
  throw new TypeError(`The sign-in for a device has led to ${visit.client.url}.`);
}

interface Person {
  readonly username: string;
  readonly password: string;
  readonly secondFactor: string;
}

/** The first user of the directory, or the one who is named, and what that one types. */
function choosePerson(tenants: readonly Tenant[], { account, password, secondFactor }: SignInOptions): Person {
  const username = account ?? tenants.flatMap(({ users }) => users)[0]?.username;
  if (username === undefined) {
    throw new RangeError("No tenant has a user. Give it one: `tenants: [{ users: [{ username, password }] }]`.");
  }
  const user = findAccount(tenants, username)?.user;
  return {
    username: user?.username ?? username,
    password: password ?? user?.password ?? "nobody has a password",
    secondFactor: secondFactor ?? user?.secondFactor ?? "nobody has a code",
  };
}

function stepOf({ form }: ReadPage): SignInStep | undefined {
  return signInSteps.find((step) => step === form?.fields.step);
}

type Answer = Readonly<Record<string, string>>;

function declineAt(step: SignInStep): Answer {
  return { answer: step === "consent" ? "decline" : "cancel" };
}

function answerTo(step: SignInStep, { form }: ReadPage, { username, password, secondFactor }: Person): Answer {
  switch (step) {
    case "account":
      return { username };
    case "create":
      return { username, password };
    case "password":
      // the page may be somebody else's, whom a hint names
      return form?.fields.username === username ? { password } : { answer: "another" };
    case "second-factor":
      return { code: secondFactor };
    default:
      return { answer: "accept" };
  }
}
