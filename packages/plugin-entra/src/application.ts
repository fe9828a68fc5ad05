import { type Detection, type HomeTenant, type IdentityError, outcomeError } from "@azidentity/core/plugin";

/** The options that name an application; every source that signs one in has them. */
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

/** The home tenant of a source that signs in the application its options name. */
export const applicationTenant: HomeTenant<ApplicationOptions> = { variables: ["AZURE_TENANT_ID"], required: true };

/** The settings of a source after defaults, complete or not. */
export interface ApplicationSettings {
  /** Name of the source; prefix of error messages. */
  readonly sourceName: string;
  readonly tenantId: string | undefined;
  readonly clientId: string | undefined;
  /** What is required besides the ids, by the name that messages show. Falsy values are missing. */
  readonly credentials: Readonly<Record<string, unknown>>;
}

/**
 * Identifies the principal in cache keys. `undefined`: no client id, so there are no tokens to
 * cache.
 */
export function applicationSubject({
  tenantId,
  clientId,
}: Pick<ApplicationSettings, "tenantId" | "clientId">): string | undefined {
  return clientId === undefined ? undefined : JSON.stringify([tenantId ?? null, clientId]).toLowerCase();
}

/** Whether any setting is there besides the tenant, which may be meant for all sources. */
function isPartlyConfigured({ clientId, credentials }: ApplicationSettings): boolean {
  return [clientId, ...Object.values(credentials)].some(Boolean);
}

function missingSettings({ tenantId, clientId, credentials }: ApplicationSettings): string[] {
  const required = { "`tenantId`": tenantId, "`clientId`": clientId, ...credentials };
  return Object.entries(required).flatMap(([name, value]) => (value ? [] : [name]));
}

const setAll = ({ sourceName }: ApplicationSettings) =>
  `Set all options of ${sourceName}, in the chain or under \`sources\`.`;
const missingReason = (missing: readonly string[]) => `Missing: ${missing.join(", ")}.`;

/**
 * An incomplete configuration is `ready` too: it was meant to work, so its error must stop a chain
 * before another principal signs in.
 */
export function detectApplication(settings: ApplicationSettings): Detection {
  const missing = missingSettings(settings);
  if (missing.length === 0) return { state: "ready", reason: `It signs in the application ${settings.clientId}.` };
  const reason = missingReason(missing);
  if (isPartlyConfigured(settings)) return { state: "ready", reason };
  return { state: "absent", reason, remedy: setAll(settings) };
}

function incomplete(settings: ApplicationSettings): IdentityError {
  const { sourceName } = settings;
  const message = `${sourceName}: ${missingReason(missingSettings(settings))}`;
  const remedy = setAll(settings);
  if (!isPartlyConfigured(settings)) return outcomeError("not-configured", message, { remedy });
  return outcomeError("misconfigured", message, { code: "incomplete-options", remedy });
}

/** Returns tenant and client id, or throws an error that lists what is missing. */
export function requireApplication(settings: ApplicationSettings): {
  readonly tenantId: string;
  readonly clientId: string;
} {
  const { tenantId, clientId, credentials } = settings;
  if (tenantId && clientId && Object.values(credentials).every(Boolean)) return { tenantId, clientId };
  throw incomplete(settings);
}
