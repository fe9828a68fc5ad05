import { type Detection, type HomeTenant, type IdentityError, outcomeError } from "@azidentity/core/plugin";

/** The options that name an application; all sources that sign one in have them. */
export const applicationFields = {
  tenantId: {
    type: "string",
    description:
      "Tenant that the application signs in to: id or domain. Default: the config's `tenantId`, else AZURE_TENANT_ID.",
  },
  clientId: { type: "string", description: "Application (client) id." },
} as const;

export interface ApplicationOptions {
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
}

/** The home tenant of a source that signs in the application which its options name. */
export const applicationTenant: HomeTenant<ApplicationOptions> = { variables: ["AZURE_TENANT_ID"], required: true };

/** What a source was given, wherever it stands, and what it cannot do without besides ids: by the name in a message. */
export interface Given {
  readonly who: string;
  readonly tenantId: string | undefined;
  readonly clientId: string | undefined;
  readonly proof: Readonly<Record<string, unknown>>;
}

/** Names the principal, which is an application in a tenant. `undefined` where none is named, so that there are no tokens. */
export function applicationSubject({ tenantId, clientId }: Pick<Given, "tenantId" | "clientId">): string | undefined {
  return clientId === undefined ? undefined : JSON.stringify([tenantId ?? null, clientId]).toLowerCase();
}

/** Whether an application begins to be named: a tenant alone may be meant for all sources. */
function isBegun({ clientId, proof }: Given): boolean {
  return [clientId, ...Object.values(proof)].some(Boolean);
}

function missingOf({ tenantId, clientId, proof }: Given): string[] {
  const wanted = { "`tenantId`": tenantId, "`clientId`": clientId, ...proof };
  return Object.entries(wanted).flatMap(([name, value]) => (value ? [] : [name]));
}

const lacks = (missing: readonly string[]) => `It lacks ${missing.join(", ")}.`;

/** Half of it is `ready`, too: it was meant to work, and its error has to stop a chain from signing in another principal. */
export function detectApplication(given: Given): Detection {
  const missing = missingOf(given);
  if (missing.length === 0) return { state: "ready", reason: `It signs in the application ${given.clientId}.` };
  return { state: isBegun(given) ? "ready" : "absent", reason: lacks(missing) };
}

function incomplete(given: Given): IdentityError {
  const { who } = given;
  const message = `${who}: ${lacks(missingOf(given))}`;
  const remedy = `Give all options of ${who}, in the chain or under \`sources\`.`;
  if (!isBegun(given)) return outcomeError("not-configured", message, { remedy });
  return outcomeError("misconfigured", message, { code: "incomplete-options", remedy });
}

/** Tenant and client id, or an error that says what is missing. */
export function requireApplication(given: Given): { readonly tenantId: string; readonly clientId: string } {
  const { tenantId, clientId } = given;
  if (tenantId && clientId && missingOf(given).length === 0) return { tenantId, clientId };
  throw incomplete(given);
}
