import { type Detection, type IdentityError, outcomeError, type SourceContext } from "@azidentity/core/plugin";

/** The options that name an application; all sources that sign one in have them. */
export const applicationFields = {
  tenantId: {
    type: "string",
    description: "Tenant that the application signs in to: id or domain. Default: the config's `tenantId`.",
  },
  clientId: { type: "string", description: "Application (client) id." },
} as const;

export interface ApplicationOptions {
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
}

/** What a source was given, and what it cannot do without besides tenant and client id: by the name in a message. */
export interface Given {
  readonly who: string;
  readonly options: ApplicationOptions;
  readonly proof: Readonly<Record<string, unknown>>;
}

export function homeTenant({ tenantId }: ApplicationOptions, context: SourceContext): string | undefined {
  return tenantId ?? context.defaults.tenantId;
}

/** Whether somebody began to name an application: a tenant alone, which may be meant for all sources, does not. */
function isBegun({ options, proof }: Given): boolean {
  return [options.clientId, ...Object.values(proof)].some(Boolean);
}

function missingOf({ options, proof }: Given, context: SourceContext): string[] {
  const wanted = { "`tenantId`": homeTenant(options, context), "`clientId`": options.clientId, ...proof };
  return Object.entries(wanted).flatMap(([name, value]) => (value ? [] : [name]));
}

const lacks = (missing: readonly string[]) => `It lacks ${missing.join(", ")}.`;

/** By half is meant to work, and its error has to stop a chain from running as somebody else: so that is `ready`, too. */
export function detectApplication(given: Given, context: SourceContext): Detection {
  const missing = missingOf(given, context);
  if (missing.length === 0) return { state: "ready", reason: `It signs in the application ${given.options.clientId}.` };
  return { state: isBegun(given) ? "ready" : "absent", reason: lacks(missing) };
}

function incomplete(given: Given, context: SourceContext): IdentityError {
  const { who } = given;
  const message = `${who}: ${lacks(missingOf(given, context))}`;
  const remedy = `Give all options of ${who}, in the chain or under \`sources\`.`;
  if (!isBegun(given)) return outcomeError("not-configured", message, { remedy });
  return outcomeError("misconfigured", message, { code: "incomplete-options", remedy });
}

/** Tenant and client id, or an error that says what is missing. */
export function requireApplication(
  given: Given,
  context: SourceContext,
): { readonly tenantId: string; readonly clientId: string } {
  const tenantId = homeTenant(given.options, context);
  const { clientId } = given.options;
  if (tenantId && clientId && missingOf(given, context).length === 0) return { tenantId, clientId };
  throw incomplete(given, context);
}
