import { parseForm } from "../../http/form.ts";
import type { Reply, ServerRequest } from "../../http/message.ts";
import { findAccount } from "../accounts.ts";
import { authenticate } from "../authentication.ts";
import type { Authority } from "../authority.ts";
import { StsError } from "../sts-error.ts";
import { advance, giveUp } from "./advance.ts";
import type { BrowserSession } from "./browser-sessions.ts";
import type { Interaction } from "./interaction.ts";
import { nextStep, type Step } from "./next-step.ts";

/** A person has answered the question of a page. An answer to a question that was not the last one changes nothing. */
export function answerStep(authority: Authority, request: ServerRequest): Reply {
  const form = parseForm(request) ?? new URLSearchParams();
  const session = authority.userSessions.browsers.of(request);
  const interaction = session.interactions.get(form.get("interaction") ?? "");
  if (interaction === undefined) throw new StsError(165000);

  const step = nextStep(authority, session, interaction);
  const answer = form.get("answer");
  if (answer === "cancel" || answer === "decline") return giveUp(authority, request, session, interaction, step);
  if (answer === "another") return advance(authority, session, forgetPerson(interaction));
  if (form.get("step") !== step.name) return advance(authority, session, interaction);
  const outcome = answers[step.name]({ authority, session, interaction, step, form });
  return typeof outcome === "string"
    ? advance(authority, session, interaction, outcome)
    : advance(authority, session, { ...interaction, ...outcome });
}

interface Answer {
  readonly authority: Authority;
  readonly session: BrowserSession;
  readonly interaction: Interaction;
  readonly step: Step;
  readonly form: URLSearchParams;
}

/** By step: what is known after the answer, or what is wrong with it. */
const answers: Readonly<Record<Step["name"], (answer: Answer) => Partial<Interaction> | string>> = {
  account({ authority, form }) {
    const username = form.get("username") ?? "";
    const account = findAccount(authority.tenants, username);
    if (account === undefined) return `There is no account ${username}. Check the name, and type it again.`;
    return { username: account.user.username };
  },
  password({ authority, form, step }) {
    if (!("account" in step)) return {};
    const { account } = step;
    if (form.get("password") !== account.user.password)
      return "The account name or the password is wrong. Type the password again.";
    return { username: account.user.username, authentication: authenticate(authority, account) };
  },
  "second-factor"({ authority, form, step }) {
    if (!("account" in step)) return {};
    const { account } = step;
    if (form.get("code")?.trim() !== account.user.secondFactor) return "The code is wrong. Type it again.";
    return { username: account.user.username, authentication: authenticate(authority, account, true) };
  },
  confirm: () => ({ hasConfirmed: true }),
  consent: () => ({ hasConsented: true }),
  refused: () => ({}),
  done: () => ({}),
};

function forgetPerson(interaction: Interaction): Interaction {
  const { request } = interaction;
  return {
    ...interaction,
    request: { ...request, prompt: "login", loginHint: undefined },
    username: undefined,
    authentication: undefined,
    hasConfirmed: false,
    hasConsented: false,
  };
}
