import { decodeJwt } from "jose";
import type { Service } from "../http/exchange.ts";
import type { JsonObject, Reply, ServerRequest } from "../http/message.ts";
import type { Route } from "../http/route.ts";
import type { Authority } from "./authority.ts";
import { describeAuthority, describeInstances, describeUserRealm, listKeys } from "./discovery.ts";
import { errorPageReply, errorReply } from "./error-reply.ts";
import { startDeviceCode } from "./grants/device-code.ts";
import { listSubscriptions, listTenants } from "./resource-manager.ts";
import { answerStep } from "./sign-in/answer.ts";
import { startSignIn } from "./sign-in/authorize.ts";
import { answerDevicePage, showDevicePage } from "./sign-in/device-page.ts";
import { signOut } from "./sign-in/sign-out.ts";
import { StsError } from "./sts-error.ts";
import type { StsErrorCode } from "./sts-error-table.ts";
import { answerTokenRequest } from "./token-endpoint.ts";

/** Answers a request, or throws an `StsError`. `name` is the parameter of the path. */
type Endpoint<Answer> = (authority: Authority, request: ServerRequest, name: string) => Answer | Promise<Answer>;
type Row<Answer> = readonly [method: string, path: string, endpoint: Endpoint<Answer>];

/** The endpoints that return JSON. */
const endpoints: readonly Row<JsonObject>[] = [
  ["GET", "/common/discovery/instance", (_, request) => describeInstances(request)],
  ["GET", "/common/userrealm/:username", (authority, _, username) => describeUserRealm(authority, username)],
  ["GET", "/:tenant/v2.0/.well-known/openid-configuration", describeAuthority],
  ["GET", "/:tenant/discovery/v2.0/keys", (authority, _, tenant) => listKeys(authority, tenant)],
  ["POST", "/:tenant/oauth2/v2.0/token", answerTokenRequest],
  // MSAL adds the slash at a regional host
  ["POST", "/:tenant/oauth2/v2.0/token/", answerTokenRequest],
  ["GET", "/:tenant/oauth2/v2.0/token", answerTokenRequest],
  ["POST", "/:tenant/oauth2/v2.0/devicecode", startDeviceCode],
  // the endpoints of Azure Resource Manager that the Azure CLI requests during a sign-in
  ["GET", "/tenants", listTenants],
  ["GET", "/subscriptions", listSubscriptions],
];

/** The endpoints that return pages. */
const pages: readonly Row<Reply>[] = [
  ["GET", "/:tenant/oauth2/v2.0/authorize", startSignIn],
  ["POST", "/:tenant/oauth2/v2.0/authorize", startSignIn],
  ["POST", "/:tenant/login", answerStep],
  ["GET", "/:tenant/oauth2/v2.0/logout", signOut],
  ["POST", "/:tenant/oauth2/v2.0/logout", signOut],
  ["GET", "/common/oauth2/deviceauth", showDevicePage],
  ["POST", "/common/oauth2/deviceauth", answerDevicePage],
];

/** Microsoft Entra ID. */
export function createEntraService(authority: Authority): Service {
  const stsError = (code: StsErrorCode, request: ServerRequest) =>
    errorReply(new StsError(code), request, authority.clock.now());
  return {
    name: "entra",
    routes: [
      ...endpoints.map((row) => toRoute(authority, row, (body) => ({ status: 200, body }), errorReply)),
      ...pages.map((row) => toRoute(authority, row, (reply) => reply, errorPageReply)),
    ],
    failure: (status, request) => ({ ...stsError(status === 429 ? 90055 : 90033, request), status }),
    capabilities: {
      stsError,
      resign: (token, claims) => authority.signingKey.sign({ ...decodeJwt(token), ...claims }),
    },
  };
}

function toRoute<Answer>(
  authority: Authority,
  [method, path, endpoint]: Row<Answer>,
  toReply: (answer: Answer) => Reply,
  refuse: typeof errorReply,
): Route {
  return {
    method,
    path,
    async handle(request, { tenant, username }) {
      try {
        return toReply(await endpoint(authority, request, tenant ?? username ?? ""));
      } catch (error) {
        if (error instanceof StsError) return refuse(error, request, authority.clock.now());
        throw error;
      }
    },
  };
}
