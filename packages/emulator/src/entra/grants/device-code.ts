import { randomInt } from "node:crypto";
import { epochSeconds } from "../../clock.ts";
import type { JsonObject, ServerRequest } from "../../http/message.ts";
import { type Authority, isSharedName, requireTenant } from "../authority.ts";
import { parseClaims } from "../claims.ts";
import { identifyClient } from "../client-authentication/authenticate-client.ts";
import { requireClient, requireResources } from "../sign-in/client-and-resources.ts";
import { StsError } from "../sts-error.ts";
import { type Grant, readField, readTokenForm, requireField } from "../token-request.ts";
import { type Device, secretCode } from "../users/authentication.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";

/** Lifetime of a device code, and the minimum time between two polls. */
const lifetimeSeconds = 900;
const intervalSeconds = 1;

/** The increase of the interval after a poll that was too early (RFC 8628, 3.5). */
const slowDownSeconds = 5;

/** The device authorization endpoint (RFC 8628, 3.1). */
export function startDeviceCode(authority: Authority, request: ServerRequest, tenantName: string): JsonObject {
  const tenant = isSharedName(tenantName) ? undefined : requireTenant(authority, tenantName);
  const form = readTokenForm(request);
  const { clientId } = requireClient(authority, tenant, requireField(form, "client_id"));
  const scope = requireField(form, "scope");
  requireResources(authority, tenant, scope);
  const code = secretCode();
  const userCode = createUserCode();
  const expires = epochSeconds(authority.clock) + lifetimeSeconds;
  authority.userSessions.devices.set(code, {
    clientId,
    tenant,
    scope,
    claims: parseClaims(readField(form, "claims")),
    userCode,
    expires,
    answer: undefined,
    intervalSeconds,
    lastPolledAt: undefined,
  });
  const url = `${request.url.origin}/common/oauth2/deviceauth`;
  return {
    device_code: code,
    user_code: userCode,
    verification_uri: url,
    expires_in: lifetimeSeconds,
    interval: intervalSeconds,
    message: `To sign in, use a web browser to open the page ${url} and enter the code ${userCode} to authenticate.`,
  };
}

/** Omits characters that look alike. */
function createUserCode(): string {
  const characters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  return Array.from({ length: 9 }, () => characters[randomInt(characters.length)]).join("");
}

/** The device code grant: a poll of the device. */
export const deviceCode: Grant = async (authority, request) => {
  const { tenant, form } = request;
  const client = await identifyClient(authority, request);
  const code = requireField(form, "device_code");
  const { devices } = authority.userSessions;
  const device = devices.get(code);
  if (device === undefined || device.clientId !== client.application.clientId) throw new StsError(70000);
  if (device.tenant !== undefined && device.tenant !== tenant) throw new StsError(70000);
  if (device.expires <= epochSeconds(authority.clock)) throw new StsError(70020);
  checkPollingInterval(authority, device);
  const { answer, claims, scope } = device;
  if (answer === undefined) throw new StsError(70016);
  devices.delete(code);
  if (answer === "declined") throw new StsError(65004, {}, { error: "authorization_declined" });
  return issueUserTokens(authority, { ...request, client, authentication: answer, claims, scope });
};

/** Entra is not known to check the interval. */
function checkPollingInterval({ clock, enforcesPollingInterval }: Authority, device: Device): void {
  const now = clock.now() / 1000;
  const isTooEarly =
    enforcesPollingInterval && device.lastPolledAt !== undefined && now - device.lastPolledAt < device.intervalSeconds;
  device.lastPolledAt = now;
  if (!isTooEarly) return;
  device.intervalSeconds += slowDownSeconds;
  throw new StsError(70016, {}, { error: "slow_down" });
}
