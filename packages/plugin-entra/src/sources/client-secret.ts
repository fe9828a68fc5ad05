import { defineOptions, defineSource, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import type { Application } from "../application.ts";

const who = "client-secret";

const options = defineOptions({
  tenantId: {
    type: "string",
    description: "Tenant that the application signs in to: id or domain. Default: the config's `tenantId`.",
  },
  clientId: { type: "string", description: "Application (client) id." },
  clientSecret: {
    type: "string",
    secret: true,
    description: "Value (not the id) of one of the application's client secrets.",
  },
});

export interface ClientSecretOptions {
  readonly tenantId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
}

/** Signs in an application with a secret that its owner gave it. */
export const clientSecret = defineSource({
  name: who,
  kind: "deployed",
  tenants: "checked",
  options,
  detect(given, context) {
    const missing = missingOptions(given, context);
    if (missing.length === 0) return { state: "ready", reason: `It signs in the application ${given.clientId}.` };
    // by half is meant to work, and its error has to stop a chain from running as somebody else
    return { state: isBegun(given) ? "ready" : "absent", reason: describe(missing) };
  },
  homeTenant,
  subject: ({ clientId = "nobody" }) => clientId,
  async create(given, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    return createApplicationCredential(() => readApplication(given, context), context);
  },
});

function homeTenant(given: ClientSecretOptions, context: SourceContext): string | undefined {
  return given.tenantId ?? context.defaults.tenantId;
}

/** Whether somebody began to name an application. */
function isBegun({ clientId, clientSecret }: ClientSecretOptions): boolean {
  return Boolean(clientId || clientSecret);
}

function missingOptions(given: ClientSecretOptions, context: SourceContext): string[] {
  const wanted = { ...given, tenantId: homeTenant(given, context) };
  return (["tenantId", "clientId", "clientSecret"] as const).filter((name) => !wanted[name]);
}

const describe = (missing: readonly string[]) => `It lacks ${missing.map((name) => `\`${name}\``).join(", ")}.`;

function readApplication(given: ClientSecretOptions, context: SourceContext): Application {
  const tenantId = homeTenant(given, context);
  const { clientId, clientSecret } = given;
  if (tenantId && clientId && clientSecret) return { who, tenantId, clientId, clientSecret };
  const message = `${who}: ${describe(missingOptions(given, context))}`;
  const remedy = `Give all options of ${who}, in the chain or under \`sources\`.`;
  if (!isBegun(given)) throw outcomeError("not-configured", message, { remedy });
  throw outcomeError("misconfigured", message, { code: "incomplete-options", remedy });
}
