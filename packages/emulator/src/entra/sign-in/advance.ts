import type { Reply, ServerRequest } from "../../http/message.ts";
import { deviceDeclinedPage, deviceDonePage } from "../../pages/device-pages.ts";
import { defaultBrand, type Page, pageReply } from "../../pages/page.ts";
import {
  accountPage,
  confirmPage,
  consentPage,
  createPage,
  passwordPage,
  refusedPage,
  type SignInFrame,
  secondFactorPage,
} from "../../pages/sign-in-pages.ts";
import type { Authority } from "../authority.ts";
import { StsError } from "../sts-error.ts";
import type { Account } from "../users/accounts.ts";
import { type BrowserSession, setCookie } from "./browser-sessions.ts";
import { type Interaction, isDevice } from "./interaction.ts";
import { nextStep, type SignInResult, type Step } from "./next-step.ts";
import { sendCancellation, sendCode, sendError } from "./reply-to-client.ts";

/** An error message for a page, and the rejected input. */
export interface Problem {
  readonly message: string;
  readonly typed?: string;
}

/** Shows the next page, or the same page with `problem`, or ends the sign-in. */
export function advance(
  authority: Authority,
  session: BrowserSession,
  interaction: Interaction,
  problem?: Problem,
): Reply {
  const step = nextStep(authority, session, interaction);
  session.interactions.set(interaction.id, interaction);
  const reply =
    step.name === "done"
      ? finish(authority, session, interaction, step.result)
      : pageReply(describeStep(step, createFrame(interaction, problem), problem?.typed));
  return { ...reply, headers: { ...reply.headers, "set-cookie": setCookie(session) } };
}

function finish(authority: Authority, session: BrowserSession, interaction: Interaction, result: SignInResult): Reply {
  const { destination, application, scopes } = interaction.request;
  const { account } = result.authentication;
  session.signedIn.set(account.user.username.toLowerCase(), result.authentication);
  session.interactions.delete(interaction.id);
  if (interaction.hasConsented) authority.userSessions.consents.grant(account.user, result.application, scopes);
  if (!isDevice(destination)) return sendCode(authority, interaction, destination, result);
  destination.answer = result.authentication;
  return pageReply(deviceDonePage(brandOf(interaction), application.displayName));
}

/** A sign-in that the user has cancelled on the page of `step`. */
export interface Cancellation {
  readonly request: ServerRequest;
  readonly session: BrowserSession;
  readonly interaction: Interaction;
  readonly step: Step;
}

/** Ends the sign-in without a token: the client or the device receives the reason. */
export function cancelSignIn(authority: Authority, { request, session, interaction, step }: Cancellation): Reply {
  const { destination, application } = interaction.request;
  session.interactions.delete(interaction.id);
  if (isDevice(destination)) {
    destination.answer = "declined";
    return pageReply(deviceDeclinedPage(brandOf(interaction), application.displayName));
  }
  if (step.name === "refused") return sendError(authority, request, destination, step.error);
  if (step.name === "consent") return sendError(authority, request, destination, new StsError(65004));
  return sendCancellation(destination);
}

function describeStep(step: Exclude<Step, { readonly name: "done" }>, frame: SignInFrame, typed?: string): Page {
  switch (step.name) {
    case "account":
      return accountPage(frame, step.accounts.map(labelOf), typed ?? step.username ?? "");
    case "create":
      return createPage(frame);
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

function createFrame(interaction: Interaction, problem: Problem | undefined): SignInFrame {
  const { application, destination, tenant } = interaction.request;
  return {
    brand: brandOf(interaction),
    application: application.displayName,
    action: `/${tenant?.tenantId ?? "common"}/login`,
    interaction: interaction.id,
    problem: problem?.message,
    redirectTarget: isDevice(destination) ? undefined : destination.uri,
  };
}

function brandOf({ request: { tenant } }: Interaction): string {
  return tenant?.displayName ?? defaultBrand;
}

function labelOf({ user: { username, displayName } }: Account) {
  return { username, displayName };
}
