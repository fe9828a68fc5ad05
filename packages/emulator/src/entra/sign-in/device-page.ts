import { epochSeconds } from "../../clock.ts";
import { parseForm, type Reply, type ServerRequest } from "../../http/message.ts";
import { deviceCodePage } from "../../pages/device-pages.ts";
import { pageReply } from "../../pages/page.ts";
import type { Authority } from "../authority.ts";
import { StsError } from "../sts-error.ts";
import type { Device } from "../users/devices.ts";
import { advance } from "./advance.ts";
import { setCookie } from "./browser-sessions.ts";
import { requireClient, requireResources } from "./find-wanted.ts";
import { startInteraction } from "./interaction.ts";

const host = "Sign in on another device";

/** The page where a person types the code of a device; `user_code` in the address types it already. */
export function showDevicePage(_: Authority, request: ServerRequest): Reply {
  return pageReply(deviceCodePage(host, request.url.pathname, request.url.searchParams.get("user_code") ?? ""));
}

export function answerDevicePage(authority: Authority, request: ServerRequest): Reply {
  const typed = parseForm(request)?.get("user_code") ?? "";
  const session = authority.userSessions.browsers.of(request);
  try {
    const device = requireDevice(authority, typed);
    const { tenant, scope, claims } = device;
    const interaction = startInteraction({
      tenant,
      application: requireClient(authority, tenant, device.clientId),
      scope,
      scopes: requireResources(authority, tenant, scope),
      prompt: "select_account",
      loginHint: undefined,
      domainHint: undefined,
      claims,
      challenge: undefined,
      destination: device,
    });
    return advance(authority, session, interaction);
  } catch (error) {
    if (!(error instanceof StsError)) throw error;
    const reply = pageReply(deviceCodePage(host, request.url.pathname, typed, error.message));
    return { ...reply, headers: { ...reply.headers, "set-cookie": setCookie(session) } };
  }
}

/** A code can be answered once. */
function requireDevice({ userSessions, clock }: Authority, typed: string): Device {
  const code = typed.replace(/[\s-]/g, "").toUpperCase();
  const device = [...userSessions.devices.values()].find(({ userCode }) => userCode === code);
  if (device === undefined || device.answer !== undefined) throw new StsError(70018);
  if (device.expires <= epochSeconds(clock)) throw new StsError(70019);
  return device;
}
