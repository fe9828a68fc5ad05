import { parseForm, type Reply, type ServerRequest } from "../../http/message.ts";
import type { Authority } from "../authority.ts";
import type { Tenant } from "../directory.ts";
import { StsError } from "../sts-error.ts";
import { findAccount } from "../users/accounts.ts";
import { authenticate } from "../users/authentication.ts";
import { createUser } from "../users/user.ts";
import { advance, cancelSignIn, type Problem } from "./advance.ts";
import { type Interaction, startInteraction } from "./interaction.ts";
import { nextStep, type Step } from "./next-step.ts";

/** Handles the submitted form of a page. A form of an earlier page changes nothing. */
export function answerStep(authority: Authority, request: ServerRequest): Reply {
  const form = parseForm(request) ?? new URLSearchParams();
  const session = authority.userSessions.browsers.of(request);
  const interaction = session.interactions.get(form.get("interaction") ?? "");
  if (interaction === undefined) throw new StsError(165000);

  const step = nextStep(authority, session, interaction);
  const answer = form.get("answer");
  if (answer === "cancel" || answer === "decline") {
    return cancelSignIn(authority, { request, session, interaction, step });
  }
  if (answer === "another")
    return advance(authority, session, { ...startInteraction(interaction.request, true), id: interaction.id });
  const outcome = form.get("step") === step.name ? checkInput(authority, step, form) : {};
  return "message" in outcome
    ? advance(authority, session, interaction, outcome)
    : advance(authority, session, { ...interaction, ...outcome });
}

/** The changes to the interaction, or the problem with the input. */
function checkInput(authority: Authority, step: Step, form: URLSearchParams): Partial<Interaction> | Problem {
  const typed = (name: string) => form.get(name)?.trim() ?? "";
  switch (step.name) {
    case "account": {
      const name = typed("username");
      const account = findAccount(authority.tenants, name);
      if (account !== undefined) return { username: account.user.username };
      return { message: `There is no account ${name}. Check the name, and type it again.`, typed: name };
    }
    case "create":
      return createAccount(authority, step.tenant, typed("username"), typed("password"));
    case "password": {
      const { account } = step;
      if (form.get("password") !== account.user.password) return { message: "The password is wrong. Type it again." };
      return { username: account.user.username, authentication: authenticate(authority, account) };
    }
    case "second-factor": {
      const { account, authentication } = step;
      if (typed("code") !== account.user.secondFactor) return { message: "The code is wrong. Type it again." };
      return { username: account.user.username, authentication: { ...authentication, secondFactor: true } };
    }
    case "confirm":
      return { hasConfirmed: true };
    case "consent":
      return { hasConsented: true };
    default:
      return {};
  }
}

function createAccount(
  authority: Authority,
  requestedTenant: Tenant | undefined,
  username: string,
  password: string,
): Partial<Interaction> | Problem {
  const tenant = requestedTenant ?? authority.tenants[0];
  if (username === "" || password === "" || tenant === undefined) {
    return { message: "An account needs a name and a password." };
  }
  if (findAccount(authority.tenants, username) !== undefined) {
    return { message: `The name ${username} is taken. Choose another.` };
  }
  const user = createUser({ username, password });
  tenant.users.push(user);
  return { username, authentication: authenticate(authority, { user, tenant }) };
}
