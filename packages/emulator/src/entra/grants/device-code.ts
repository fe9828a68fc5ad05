import { randomInt } from "node:crypto";
import { epochSeconds } from "../../clock.ts";
import type { JsonObject, ServerRequest } from "../../http/message.ts";
import { type Authority, isSharedName, requireTenant } from "../authority.ts";
import { parseClaims } from "../claims.ts";
import { identifyClient } from "../client-authentication/authenticate-client.ts";
import { requireClient, requireResources } from "../sign-in/find-wanted.ts";
import { StsError } from "../sts-error.ts";
import { type Grant, readField, readTokenForm, requireField } from "../token-request.ts";
import type { Device } from "../users/devices.ts";
import { secretCode } from "../users/secret-code.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";

/** Seconds that a code is good for, and between two questions whether it was used. */
const lifetime = 900;
const interval = 1;

/** Seconds by which a device that has asked too early has to wait longer from then on (RFC 8628, 3.5). */
const penalty = 5;

/** Gives a device a code for a user to type elsewhere. */
export function startDeviceCode(authority: Authority, request: ServerRequest, tenantName: string): JsonObject {
  const tenant = isSharedName(tenantName) ? undefined : requireTenant(authority, tenantName);
  const form = readTokenForm(request);
  const { clientId } = requireClient(authority, tenant, requireField(form, "client_id"));
  const scope = requireField(form, "scope");
  requireResources(authority, tenant, scope);
  const code = secretCode();
  const userCode = createUserCode();
  const expires = epochSeconds(authority.clock) + lifetime;
  authority.userSessions.devices.set(code, {
    clientId,
    tenant,
    scope,
    claims: parseClaims(readField(form, "claims")),
    userCode,
    expires,
    answer: undefined,
    interval,
    askedAt: undefined,
  });
  const url = `${request.url.origin}/common/oauth2/deviceauth`;
  return {
    device_code: code,
    user_code: userCode,
    verification_uri: url,
    expires_in: lifetime,
    interval,
    message: `To sign in, use a web browser to open the page ${url} and enter the code ${userCode} to authenticate.`,
  };
}

/** Without letters and digits that look like one another. */
function createUserCode(): string {
  const characters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  return Array.from({ length: 9 }, () => characters[randomInt(characters.length)]).join("");
}

/** The device asks whether its code was used. */
export const deviceCode: Grant = async (authority, request) => {
  const { tenant, form } = request;
  const client = await identifyClient(authority, request);
  const code = requireField(form, "device_code");
  const { devices } = authority.userSessions;
  const device = devices.get(code);
  if (device === undefined || device.clientId !== client.application.clientId) throw new StsError(70000);
  if (device.tenant !== undefined && device.tenant !== tenant) throw new StsError(70000);
  if (device.expires <= epochSeconds(authority.clock)) throw new StsError(70020);
  checkHaste(authority, device);
  const { answer, claims, scope } = device;
  if (answer === undefined) throw new StsError(70016);
  devices.delete(code);
  if (answer === "declined") throw new StsError(65004, {}, { error: "authorization_declined" });
  return issueUserTokens(authority, { ...request, client, authentication: answer, claims, scope });
};

/** Entra is not known to mind; a stricter authority does. */
function checkHaste({ clock, refusesHastyPolls }: Authority, device: Device): void {
  const now = clock.now() / 1000;
  const isHasty = refusesHastyPolls && device.askedAt !== undefined && now - device.askedAt < device.interval;
  device.askedAt = now;
  if (!isHasty) return;
  device.interval += penalty;
  throw new StsError(70016, {}, { error: "slow_down" });
}
