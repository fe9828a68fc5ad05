import { epochSeconds } from "../../clock.ts";
import { parseForm, type Reply, type ServerRequest } from "../../http/message.ts";
import { deviceCodePage } from "../../pages/device-pages.ts";
import { pageReply } from "../../pages/page.ts";
import type { Authority } from "../authority.ts";
import { StsError } from "../sts-error.ts";
import type { Device } from "../users/authentication.ts";
import { advance } from "./advance.ts";
import { setCookie } from "./browser-sessions.ts";
import { requireClient, requireResources } from "./client-and-resources.ts";
import { startInteraction } from "./interaction.ts";

const brand = "Sign in on another device";

/** The page for the user code of a device; `user_code` in the query fills in the field. */
export function showDevicePage(_: Authority, request: ServerRequest): Reply {
  return pageReply(deviceCodePage(brand, request.url.pathname, request.url.searchParams.get("user_code") ?? ""));
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
    const reply = pageReply(deviceCodePage(brand, request.url.pathname, typed, error.message));
    return { ...reply, headers: { ...reply.headers, "set-cookie": setCookie(session) } };
  }
}

/** The pending device of a user code. */
function requireDevice({ userSessions, clock }: Authority, typed: string): Device {
  const code = typed.replace(/[\s-]/g, "").toUpperCase();
  const device = [...userSessions.devices.values()].find(({ userCode }) => userCode === code);
  if (device === undefined || device.answer !== undefined) throw new StsError(70018);
  if (device.expires <= epochSeconds(clock)) throw new StsError(70019);
  return device;
}
