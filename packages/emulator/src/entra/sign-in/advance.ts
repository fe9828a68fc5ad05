import type { Reply, ServerRequest } from "../../http/message.ts";
import { type Page, pageReply } from "../../pages/page.ts";
import { messagePage } from "../../pages/plain-pages.ts";
import {
  accountPage,
  confirmPage,
  consentPage,
  passwordPage,
  refusedPage,
  type SignInFrame,
  secondFactorPage,
} from "../../pages/sign-in-pages.ts";
import type { Account } from "../accounts.ts";
import type { Authority } from "../authority.ts";
import { StsError } from "../sts-error.ts";
import { type BrowserSession, setCookie } from "./browser-sessions.ts";
import { type Interaction, isDevice } from "./interaction.ts";
import { nextStep, type SignInResult, type Step } from "./next-step.ts";
import { sendCancellation, sendCode, sendError } from "./reply-to-client.ts";

/** Asks the person the next question, or ends the sign-in. `problem` is what was wrong with the answer to the last one. */
export function advance(
  authority: Authority,
  session: BrowserSession,
  interaction: Interaction,
  problem?: string,
): Reply {
  const step = nextStep(authority, session, interaction);
  session.interactions.set(interaction.id, interaction);
  const reply =
    step.name === "done"
      ? finish(authority, session, interaction, step.result)
      : pageReply(describeStep(step, frameOf(interaction, problem)));
  return { ...reply, headers: { ...reply.headers, "set-cookie": setCookie(session) } };
}

function finish(authority: Authority, session: BrowserSession, interaction: Interaction, result: SignInResult): Reply {
  const { destination, application, scopes } = interaction.request;
  const { account } = result.authentication;
  session.signedIn.set(account.user.username.toLowerCase(), result.authentication);
  session.interactions.delete(interaction.id);
  if (interaction.hasConsented) authority.userSessions.consents.give(account.user, result.application, scopes);
  if (!isDevice(destination)) return sendCode(authority, interaction, destination, result);
  destination.answer = result.authentication;
  const text = `You have signed in to ${application.displayName} on your device. You may close this window.`;
  return pageReply(messagePage(hostOf(interaction), "You are signed in", text));
}

/** The person goes away without signing in, from the page of `step`. */
export function giveUp(
  authority: Authority,
  request: ServerRequest,
  session: BrowserSession,
  interaction: Interaction,
  step: Step,
): Reply {
  const { destination, application } = interaction.request;
  session.interactions.delete(interaction.id);
  if (isDevice(destination)) {
    destination.answer = "declined";
    const text = `Nobody was signed in to ${application.displayName}. You may close this window.`;
    return pageReply(messagePage(hostOf(interaction), "You have cancelled the sign-in", text));
  }
  if (step.name === "refused") return sendError(authority, request, destination, step.error);
  if (step.name === "consent") return sendError(authority, request, destination, new StsError(65004));
  return sendCancellation(destination);
}

function describeStep(step: Exclude<Step, { readonly name: "done" }>, frame: SignInFrame): Page {
  switch (step.name) {
    case "account":
      return accountPage(frame, step.accounts.map(labelOf), step.username);
    case "password":
      return passwordPage(frame, labelOf(step.account));
    case "second-factor":
      return secondFactorPage(frame, labelOf(step.account));
    case "confirm":
      return confirmPage(frame, labelOf(step.account));
    case "consent":
      return consentPage(frame, labelOf(step.account), step.permissions);
    case "refused":
      return refusedPage(frame, labelOf(step.account), `AADSTS${step.error.code}: ${step.error.message}`);
  }
}

function frameOf(interaction: Interaction, problem: string | undefined): SignInFrame {
  const { application, destination, tenant } = interaction.request;
  return {
    host: hostOf(interaction),
    application: application.displayName,
    action: `/${tenant?.tenantId ?? "common"}/login`,
    interaction: interaction.id,
    problem,
    leadsTo: isDevice(destination) ? undefined : destination.uri,
  };
}

function hostOf({ request: { tenant } }: Interaction): string {
  return tenant?.displayName ?? "Work or school account";
}

function labelOf({ user: { username, displayName } }: Account) {
  return { username, displayName };
}
