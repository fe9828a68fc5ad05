import type { Tenant } from "../entra/directory.ts";
import { findAccount } from "../entra/users/accounts.ts";
import type { ReadPage } from "./forms.ts";
import type { ScriptlessBrowser, Visit } from "./scriptless-browser.ts";

/** The pages of a sign-in; `refused` reports that the user may not continue. */
export type SignInStep = (typeof signInSteps)[number];
const signInSteps = ["account", "create", "password", "second-factor", "confirm", "consent", "refused"] as const;

/** The input of the user in a sign-in. */
export interface SignInOptions {
  /** Account name of the user. Default: the first user of the first tenant. */
  readonly account?: string;
  /** The password to type. Default: the password of the user. */
  readonly password?: string;
  /** The code to type. Default: the code of the user. */
  readonly secondFactor?: string;
  /**
   * The page on which the user cancels: by Decline at `"consent"`, by Cancel elsewhere. `true`: the
   * first page. Default: none.
   */
  readonly decline?: SignInStep | boolean;
  /** Whether the browser follows the redirect to the client. Default: false. */
  readonly follow?: boolean;
}

/** A sign-in ended on an error page, and the client received no response. */
export class SignInPageError extends Error {
  /** `"SignInPageError"` */
  override readonly name = "SignInPageError";
  /** The AADSTS number on the page; `undefined` if it shows none. */
  readonly code: number | undefined;

  constructor({ title, alert }: ReadPage) {
    super(alert === undefined ? `The sign-in ended on the page "${title}".` : `${title}: ${alert}`);
    const [, code] = /AADSTS(\d+)/.exec(alert ?? "") ?? [];
    this.code = code === undefined ? undefined : Number(code);
  }
}

/** The last page or redirect, and the pages before it. */
export interface AnsweredPages {
  readonly end: Visit;
  readonly steps: readonly SignInStep[];
}

/**
 * Fills in page after page, until one has no form.
 *
 * @throws {SignInPageError} A page reports a wrong answer.
 */
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

interface UserInput {
  readonly username: string;
  readonly password: string;
  readonly secondFactor: string;
}

/** The named user or the first one, and what to type for them. */
function chooseUser(tenants: readonly Tenant[], { account, password, secondFactor }: SignInOptions): UserInput {
  const username = account ?? tenants.flatMap(({ users }) => users)[0]?.username;
  if (username === undefined) {
    throw new RangeError("No tenant has a user. Give it one: `tenants: [{ users: [{ username, password }] }]`.");
  }
  const user = findAccount(tenants, username)?.user;
  return {
    username: user?.username ?? username,
    password: password ?? user?.password ?? "no-such-password",
    secondFactor: secondFactor ?? user?.secondFactor ?? "no-such-code",
  };
}

function stepOf({ form }: ReadPage): SignInStep | undefined {
  return signInSteps.find((step) => step === form?.fields.step);
}

type Answer = Readonly<Record<string, string>>;

function declineAt(step: SignInStep): Answer {
  return { answer: step === "consent" ? "decline" : "cancel" };
}

function answerTo(step: SignInStep, { form }: ReadPage, { username, password, secondFactor }: UserInput): Answer {
  switch (step) {
    case "account":
      return { username };
    case "create":
      return { username, password };
    case "password":
      // `login_hint` may have preselected another account
      return form?.fields.username === username ? { password } : { answer: "another" };
    case "second-factor":
      return { code: secondFactor };
    default:
      return { answer: "accept" };
  }
}
