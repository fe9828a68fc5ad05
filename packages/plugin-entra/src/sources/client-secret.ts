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
    const missing = describeMissing(given, context);
    return missing === undefined
      ? { state: "ready", reason: `It signs in the application ${given.clientId}.` }
      : { state: "absent", reason: missing, code: "not-configured" };
  },
  homeTenant,
  subject: ({ clientId = "" }) => clientId,
  async create(given, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    return createApplicationCredential(() => readApplication(given, context), context);
  },
});

function homeTenant(given: ClientSecretOptions, context: SourceContext): string | undefined {
  return given.tenantId ?? context.defaults.tenantId;
}

function describeMissing(given: ClientSecretOptions, context: SourceContext): string | undefined {
  const wanted = { ...given, tenantId: homeTenant(given, context) };
  const missing = (["tenantId", "clientId", "clientSecret"] as const).filter((name) => !wanted[name]);
  if (missing.length === 0) return undefined;
  const names = missing.map((name) => `\`${name}\``).join(", ");
  return `${names} not given: set ${missing.length === 1 ? "it" : "them"} in the options of ${who}.`;
}

function readApplication(given: ClientSecretOptions, context: SourceContext): Application {
  const tenantId = homeTenant(given, context);
  const { clientId, clientSecret } = given;
  if (!tenantId || !clientId || !clientSecret) {
    throw outcomeError("not-configured", `${who}: ${describeMissing(given, context)}`);
  }
  return { who, tenantId, clientId, clientSecret };
}
