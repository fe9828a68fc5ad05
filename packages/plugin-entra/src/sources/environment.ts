import {
  type AzureVariables,
  type Detection,
  defineSource,
  outcomeError,
  readAzureVariables,
  type SourceContext,
} from "@azidentity/core/plugin";
import type { Application } from "../application.ts";
import { proveBySecret } from "../proof/proof.ts";

const who = "environment";

/**
 * Signs in the application that the environment names, by the variables that all Azure SDKs share.
 * Source: https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential
 */
export const environment = defineSource({
  name: who,
  kind: "deployed",
  priority: 100,
  tenants: "checked",
  detect: (_, context) => detectionOf(readVariables(context)),
  homeTenant: (_, context) => homeTenant(context),
  subject: (_, { env }) => env.AZURE_CLIENT_ID ?? "nobody",
  async create(_, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    return createApplicationCredential(() => readApplication(context), context);
  },
});

/** What the config says comes before AZURE_TENANT_ID. */
function homeTenant({ defaults, env }: SourceContext): string | undefined {
  return defaults.tenantId ?? env.AZURE_TENANT_ID;
}

function readVariables(context: SourceContext): AzureVariables {
  return readAzureVariables({ ...context.env, AZURE_TENANT_ID: homeTenant(context) });
}

/** Whether the variables ask for this source: a service principal, whole or by half. The rest is for other sources. */
function isMeant({ reading, proof }: AzureVariables): boolean {
  return reading === "service-principal" || (reading === "incomplete" && proof !== "token-file");
}

/** A service principal by half is `ready`: it is meant to work, and its error has to stop a chain from running as somebody else. */
function detectionOf(variables: AzureVariables): Detection {
  return { state: isMeant(variables) ? "ready" : "absent", reason: variables.explanation };
}

function readApplication(context: SourceContext): Application {
  const variables = readVariables(context);
  const message = `${who}: ${variables.explanation}`;
  if (!isMeant(variables)) throw outcomeError("not-configured", message);
  const { AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = context.env;
  const tenantId = homeTenant(context);
  if (variables.reading === "incomplete" || clientId === undefined || tenantId === undefined) {
    throw outcomeError("misconfigured", message, {
      code: "incomplete-environment",
      remedy: `Set ${variables.missing.join(" and ")}, or unset what is set.`,
    });
  }
  if (clientSecret !== undefined) return { who, tenantId, clientId, prove: proveBySecret(clientSecret) };
  throw outcomeError("misconfigured", `${message} This version signs in by AZURE_CLIENT_SECRET alone.`, {
    code: "unsupported-environment",
    remedy: "Set AZURE_CLIENT_SECRET, or unset the variables of the other way.",
  });
}
