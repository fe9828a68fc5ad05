import type { JsonObject, ServerRequest } from "../../http/message.ts";
import { type Authority, requireTenant } from "../authority.ts";
import { identifyClient } from "../client-authentication/authenticate-client.ts";
import { findApplication } from "../directory.ts";
import { StsError } from "../sts-error.ts";
import { readTokenForm, requireField } from "../token-fields.ts";
import { secretCode } from "../user-sessions.ts";
import type { Grant } from "./grant.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";

/** Seconds that a code is good for, and between two questions whether it was used. */
const lifetime = 900;
const interval = 1;

/** Gives a device a code for a user to type elsewhere. */
export function startDeviceCode(authority: Authority, request: ServerRequest, tenantName: string): JsonObject {
  const tenant = requireTenant(authority, tenantName);
  const form = readTokenForm(request);
  const clientId = requireField(form, "client_id");
  const scope = requireField(form, "scope");
  if (findApplication(tenant, clientId) === undefined)
    throw new StsError(700016, { clientId, tenant: tenant.tenantId });
  const code = secretCode();
  const userCode = secretCode()
    .replace(/[^a-z0-9]/gi, "")
    .slice(0, 9)
    .toUpperCase();
  const expires = Math.floor(authority.clock.now() / 1000) + lifetime;
  authority.userSessions.devices.set(code, { clientId, tenantId: tenant.tenantId, scope, expires, user: undefined });
  const url = `${request.url.origin}/devicelogin`;
  return {
    device_code: code,
    user_code: userCode,
    verification_uri: url,
    expires_in: lifetime,
    interval,
    message: `To sign in, open ${url} and enter the code ${userCode}.`,
  };
}

/** The device asks whether its code was used. */
export const deviceCode: Grant = async (authority, request) => {
  const { tenant, form } = request;
  const client = await identifyClient(authority, request);
  const code = requireField(form, "device_code");
  const device = authority.userSessions.devices.get(code);
  const isKnown = device?.clientId.toLowerCase() === client.application.clientId.toLowerCase();
  if (device === undefined || !isKnown || device.tenantId !== tenant.tenantId) throw new StsError(70000);
  if (device.expires <= Math.floor(authority.clock.now() / 1000)) throw new StsError(70020);
  if (device.user === undefined) throw new StsError(70016);
  authority.userSessions.devices.delete(code);
  return issueUserTokens(authority, request, client, device.user, device.scope);
};
