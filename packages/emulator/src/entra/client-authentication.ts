import type { Authority } from "./authority.ts";
import { type Application, findApplication, type Tenant } from "./directory.ts";
import { StsError } from "./sts-error.ts";
import { readField, requireField } from "./token-fields.ts";

/** The application that a token request comes from, once it has proved to be that. */
export function authenticateClient({ clock }: Authority, tenant: Tenant, form: URLSearchParams): Application {
  const clientId = requireField(form, "client_id");
  const application = findApplication(tenant, clientId);
  if (application === undefined) throw new StsError(700016, { clientId, tenant: tenant.tenantId });

  const sent = readField(form, "client_secret");
  if (sent === undefined) throw new StsError(7000218);
  const secret = application.secrets.find(({ value }) => value === sent);
  if (secret === undefined) throw new StsError(7000215, { clientId });
  if (secret.expiresOn !== undefined && secret.expiresOn.getTime() <= clock.now()) {
    throw new StsError(7000222, { clientId });
  }
  return application;
}
