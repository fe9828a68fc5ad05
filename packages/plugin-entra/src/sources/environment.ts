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
  requireWellFormed,
  type SourceContext,
} from "@azidentity/core/plugin";
import { applicationSubject } from "../application.ts";
import { type ClientAuthenticationOptions, configuredAuthentication } from "../client-authentication/configured.ts";

const sourceName = "environment";

const homeTenant: HomeTenant = { variables: ["AZURE_TENANT_ID"], required: true };

/**
 * Signs in the application or user that the environment variables of the Azure SDKs name.
 * Source: https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential
 */
export const environment = defineSource({
  name: sourceName,
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

/**
 * Whether the variables are for this source: a service principal, complete or not. Others are for
 * other sources.
 */
function isMeant({ reading, proof }: AzureVariables): boolean {
  return reading === "service-principal" || (reading === "incomplete" && proof !== "token-file");
}

/**
 * An incomplete service principal is `ready`: it was meant to work, so its error must stop a chain
 * before another principal signs in.
 */
function detectionOf(variables: AzureVariables): Detection {
  if (isMeant(variables)) return { state: "ready", reason: variables.explanation };
  const { misspelling, explanation: reason } = variables;
  if (misspelling === undefined) return { state: "absent", reason };
  return { state: "absent", reason, remedy: renameOf(misspelling), isIncomplete: true };
}

type Misspelling = NonNullable<AzureVariables["misspelling"]>;

const renameOf = ({ set, meant }: Misspelling) => `${set} is set: rename it to ${meant}.`;

/** The variables that are used besides AZURE_TENANT_ID, which core has checked. */
const variablesOf: Readonly<Record<NonNullable<AzureVariables["proof"]>, readonly string[]>> = {
  secret: ["AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"],
  certificate: ["AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PASSWORD"],
  password: ["AZURE_CLIENT_ID", "AZURE_USERNAME", "AZURE_PASSWORD"],
  "token-file": [],
};

/** Returns tenant and client id; throws if the variables are for other sources or incomplete. */
function readIds(context: SourceContext): { readonly tenantId: string; readonly clientId: string } {
  const variables = readVariables(context);
  const message = `${sourceName}: ${variables.explanation}`;
  if (!isMeant(variables)) {
    const remedy =
      variables.misspelling === undefined
        ? "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or use another source."
        : renameOf(variables.misspelling);
    throw outcomeError("not-configured", message, { remedy });
  }
  if (variables.empty.length > 0) throw emptyVariables(sourceName, variables.empty);
  const { AZURE_CLIENT_ID: clientId } = context.env;
  const tenantId = tenantOf(context);
  if (variables.reading !== "incomplete" && clientId !== undefined && tenantId !== undefined) {
    requireWellFormed(sourceName, context.env, variablesOf[variables.proof ?? "secret"]);
    return { tenantId, clientId };
  }
  throw outcomeError("misconfigured", message, {
    code: "incomplete-environment",
    remedy:
      variables.misspelling === undefined
        ? `Set ${variables.missing.join(" and ")}, or unset the others.`
        : renameOf(variables.misspelling),
  });
}

/** How the service principal authenticates, in the order of the Azure SDKs. */
function authenticationOptionsOf({ env }: SourceContext): ClientAuthenticationOptions {
  if (env.AZURE_CLIENT_SECRET) return { clientSecret: env.AZURE_CLIENT_SECRET };
  return {
    certificatePath: env.AZURE_CLIENT_CERTIFICATE_PATH,
    certificatePassword: env.AZURE_CLIENT_CERTIFICATE_PASSWORD,
    sendCertificateChain: /^(?:1|true)$/i.test(env.AZURE_CLIENT_SEND_CERTIFICATE_CHAIN ?? ""),
  };
}

async function createCredential(context: SourceContext): Promise<Credential> {
  if (readVariables(context).proof === "password") {
    const { createUserCredential } = await import("../user-credential.ts");
    return createUserCredential(sourceName, readIds(context).tenantId, context);
  }
  const { createApplicationCredential } = await import("../token-client.ts");
  const clientAuthentication = configuredAuthentication(sourceName, authenticationOptionsOf(context), context);
  return createApplicationCredential(() => ({ sourceName, ...readIds(context), clientAuthentication }), context);
}
