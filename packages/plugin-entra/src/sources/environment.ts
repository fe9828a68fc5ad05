import {
  type AzureVariables,
  type Credential,
  type Detection,
  defineSource,
  emptyVariables,
  type HomeTenant,
  homeTenantOf,
  outcomeError,
  readAzureVariables,
  type SourceContext,
} from "@azidentity/core/plugin";
import { applicationSubject } from "../application-options.ts";
import { type ProofOptions, proveByOptions } from "../proof/application-proof.ts";

const who = "environment";

const homeTenant: HomeTenant = { variables: ["AZURE_TENANT_ID"], required: true };

/**
 * Signs in the application that the environment names, by the variables that all Azure SDKs share.
 * Source: https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential
 */
export const environment = defineSource({
  name: who,
  kind: "deployed",
  priority: 100,
  tenantPolicy: "allow-list",
  detect: (_, context) => detectionOf(readVariables(context)),
  homeTenant,
  subject: (_, context) => subjectOf(context),
  create: (_, context) => createCredential(context),
});

const tenantOf = (context: SourceContext) => homeTenantOf(homeTenant, undefined, context);

function readVariables(context: SourceContext): AzureVariables {
  const { env } = context;
  return readAzureVariables({ ...env, AZURE_TENANT_ID: tenantOf(context) ?? env.AZURE_TENANT_ID });
}

/** The application in its tenant; with a password, the user of it. */
function subjectOf(context: SourceContext): string | undefined {
  const { AZURE_CLIENT_ID: clientId, AZURE_USERNAME: username } = context.env;
  const application = applicationSubject({ tenantId: tenantOf(context), clientId });
  const isUser = application !== undefined && readVariables(context).proof === "password";
  return isUser ? JSON.stringify([application, username?.toLowerCase()]) : application;
}

/** Whether the variables ask for this source: a service principal, whole or by half. The rest is for other sources. */
function isMeant({ reading, proof }: AzureVariables): boolean {
  return reading === "service-principal" || (reading === "incomplete" && proof !== "token-file");
}

/** A service principal by half is `ready`: it is meant to work, and its error has to stop a chain from running as somebody else. */
function detectionOf(variables: AzureVariables): Detection {
  return { state: isMeant(variables) ? "ready" : "absent", reason: variables.explanation };
}

/** Tenant and client id; an error where the variables are not meant for this source, or are there by half. */
function readIds(context: SourceContext): { readonly tenantId: string; readonly clientId: string } {
  const variables = readVariables(context);
  const message = `${who}: ${variables.explanation}`;
  if (!isMeant(variables)) throw outcomeError("not-configured", message);
  if (variables.empty.length > 0) throw emptyVariables(who, variables.empty);
  const { AZURE_CLIENT_ID: clientId } = context.env;
  const tenantId = tenantOf(context);
  if (variables.reading !== "incomplete" && clientId !== undefined && tenantId !== undefined)
    return { tenantId, clientId };
  throw outcomeError("misconfigured", message, {
    code: "incomplete-environment",
    remedy: `Set ${variables.missing.join(" and ")}, or unset what is set.`,
  });
}

/** The proof of the service principal, in the order of the Azure SDKs. */
function proofOf({ env }: SourceContext): ProofOptions {
  if (env.AZURE_CLIENT_SECRET) return { clientSecret: env.AZURE_CLIENT_SECRET };
  return {
    certificatePath: env.AZURE_CLIENT_CERTIFICATE_PATH,
    certificatePassword: env.AZURE_CLIENT_CERTIFICATE_PASSWORD,
    sendCertificateChain: /^(?:1|true)$/i.test(env.AZURE_CLIENT_SEND_CERTIFICATE_CHAIN ?? ""),
  };
}

async function createCredential(context: SourceContext): Promise<Credential> {
  const { AZURE_USERNAME: username = "", AZURE_PASSWORD: password = "" } = context.env;
  if (readVariables(context).proof === "password") {
    const { createPasswordCredential } = await import("../password-credential.ts");
    return createPasswordCredential({ who, ...readIds(context), username, password }, context);
  }
  const { createApplicationCredential } = await import("../application-credential.ts");
  const prove = proveByOptions(who, proofOf(context), context);
  return createApplicationCredential(() => ({ who, ...readIds(context), prove }), context);
}
