import type { Tenant } from "../entra/directory.ts";
import { findAccount } from "../entra/users/accounts.ts";
import type { ReadPage } from "./forms.ts";
import type { ScriptlessBrowser, Visit } from "./scriptless-browser.ts";

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

/** Where the sign-in ended, and the pages on the way. */
export interface AnsweredPages {
  readonly end: Visit;
  readonly steps: readonly SignInStep[];
}

/** Answers page after page, until one has no question or reports a wrong answer. */
export async function answerPages(
  browser: ScriptlessBrowser,
  tenants: readonly Tenant[],
  first: Visit,
  options: SignInOptions,
): Promise<AnsweredPages> {
  const user = chooseUser(tenants, options);
  const steps: SignInStep[] = [];
  let visit = first;
  for (;;) {
    const step = "page" in visit ? stepOf(visit.page) : undefined;
    if (!("page" in visit) || step === undefined) return { end: visit, steps };
    const isDeclined = options.decline === true || options.decline === step;
    if (visit.page.alert !== undefined && !isDeclined) throw new SignInPageError(visit.page);
    steps.push(step);
    visit = await browser.submit(visit.page, isDeclined ? declineAt(step) : answerTo(step, visit.page, user));
  }
}

interface TypedUser {
  readonly username: string;
  readonly password: string;
  readonly secondFactor: string;
}

/** The first user of the directory, or the one who is named, and what that one types. */
function chooseUser(tenants: readonly Tenant[], { account, password, secondFactor }: SignInOptions): TypedUser {
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

function answerTo(step: SignInStep, { form }: ReadPage, { username, password, secondFactor }: TypedUser): Answer {
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
