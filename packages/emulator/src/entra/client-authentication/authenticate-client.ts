import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { findApplication } from "../directory.ts";
import { StsError } from "../sts-error.ts";
import { readField, requireField, type TokenRequest } from "../token-request.ts";
import { checkClientAssertion } from "./client-assertion.ts";

/** How a client has authenticated (RFC 6749, 2.3): the source of `appidacr` and `azpacr`. */
export type ClientAuthMethod = "none" | "secret" | "assertion";

export interface AuthenticatedClient {
  readonly application: Application;
  readonly authMethod: ClientAuthMethod;
}

/** Authenticates the application of a token request; throws for a public client. */
export async function authenticateClient(authority: Authority, request: TokenRequest): Promise<AuthenticatedClient> {
  const application = findClient(request);
  const authMethod = await authenticate(authority, request, application);
  if (authMethod === "none") throw new StsError(7000218);
  return { application, authMethod };
}

/** The same for the flows of users, in which a public client does not authenticate. */
export async function identifyClient(authority: Authority, request: TokenRequest): Promise<AuthenticatedClient> {
  const application = findClient(request);
  if (isPublicOnly(application) && sendsCredential(request)) throw new StsError(700025);
  const authMethod = await authenticate(authority, request, application);
  if (authMethod === "none" && !application.publicClient) throw new StsError(7000218);
  return { application, authMethod };
}

function findClient({ tenant, form }: TokenRequest): Application {
  const clientId = requireField(form, "client_id");
  const application = findApplication(tenant, clientId);
  if (application === undefined) throw new StsError(700016, { clientId, tenant: tenant.tenantId });
  return application;
}

async function authenticate(
  authority: Authority,
  request: TokenRequest,
  application: Application,
): Promise<ClientAuthMethod> {
  const { form } = request;
  const assertion = readField(form, "client_assertion");
  if (assertion !== undefined) {
    await checkClientAssertion(authority, request, application, assertion);
    return "assertion";
  }
  const secret = readField(form, "client_secret");
  if (secret === undefined) return "none";
  checkSecret(application, secret, authority.clock.now());
  return "secret";
}

function checkSecret({ clientId, credentials }: Application, sent: string, now: number): void {
  const secret = credentials.secrets.find(({ value }) => value === sent);
  if (secret === undefined) throw new StsError(7000215, { clientId });
  if (secret.expiresOn !== undefined && secret.expiresOn.getTime() <= now) throw new StsError(7000222, { clientId });
}

/** A public client may have credentials for the flows without users. */
function isPublicOnly({ publicClient, credentials }: Application): boolean {
  return publicClient && credentials.secrets.length === 0 && credentials.certificates.length === 0;
}

function sendsCredential({ form }: TokenRequest): boolean {
  return ["client_secret", "client_assertion"].some((name) => readField(form, name) !== undefined);
}
