import {
  type Detection,
  defineSource,
  type IdentityError,
  outcomeError,
  type SourceContext,
} from "@azidentity/core/plugin";
import type { Application } from "../application.ts";

const who = "environment";

/**
 * What the variables amount to. A `mistake` is meant for us and cannot work: it has to stop a chain, or the program would quietly
 * run as somebody else.
 */
type Reading =
  | { readonly kind: "application"; readonly application: Application }
  | { readonly kind: "mistake"; readonly code: string; readonly reason: string; readonly remedy: string }
  | { readonly kind: "nothing"; readonly reason: string };

/**
 * Signs in the application that the environment names, by the variables that all Azure SDKs share.
 * Source: https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential
 */
export const environment = defineSource({
  name: who,
  kind: "deployed",
  priority: 100,
  tenants: "checked",
  detect: (_, context) => detectionOf(readEnvironment(context)),
  homeTenant: (_, context) => homeTenant(context),
  subject: (_, { env }) => env.AZURE_CLIENT_ID ?? "",
  async create(_, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    return createApplicationCredential(() => applicationOf(readEnvironment(context)), context);
  },
});

/** What the config says comes before AZURE_TENANT_ID. */
function homeTenant({ defaults, env }: SourceContext): string | undefined {
  return defaults.tenantId ?? env.AZURE_TENANT_ID;
}

function readEnvironment(context: SourceContext): Reading {
  const { AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = context.env;
  const tenantId = homeTenant(context);
  if (clientSecret === undefined) return readWithoutSecret(context.env);
  if (clientId !== undefined && tenantId !== undefined) {
    return { kind: "application", application: { who, tenantId, clientId, clientSecret } };
  }
  const missing = [
    ...(clientId === undefined ? ["AZURE_CLIENT_ID"] : []),
    ...(tenantId === undefined ? ["AZURE_TENANT_ID"] : []),
  ].join(" and ");
  return {
    kind: "mistake",
    code: "incomplete-environment",
    reason: `AZURE_CLIENT_SECRET is set without ${missing}.`,
    remedy: `Set ${missing}, or unset AZURE_CLIENT_SECRET.`,
  };
}

/** Variables that ask for a sign-in of another kind when all of a row are set. */
const otherKinds = [
  { variables: ["AZURE_CLIENT_CERTIFICATE_PATH"], by: "a certificate" },
  { variables: ["AZURE_CLIENT_ID", "AZURE_USERNAME", "AZURE_PASSWORD"], by: "a user name and a password" },
];

function readWithoutSecret(env: SourceContext["env"]): Reading {
  const other = otherKinds.find(({ variables }) => variables.every((name) => env[name] !== undefined));
  if (other !== undefined) {
    const names = other.variables.join(", ");
    return {
      kind: "mistake",
      code: "unsupported-environment",
      reason: `${names} ask for a sign-in with ${other.by}; this version reads AZURE_CLIENT_SECRET alone.`,
      remedy: `Set AZURE_CLIENT_SECRET, or unset ${other.variables.at(-1)}.`,
    };
  }
  return { kind: "nothing", reason: `AZURE_CLIENT_SECRET is not set${whatItMeans(env)}.` };
}

/** Others read some of the variables, too. */
function whatItMeans(env: SourceContext["env"]): string {
  if (env.AZURE_CLIENT_ID === undefined) return ", nor is AZURE_CLIENT_ID";
  return env.AZURE_FEDERATED_TOKEN_FILE === undefined
    ? ": AZURE_CLIENT_ID without it names a user-assigned managed identity"
    : ": AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE are meant for workload identity";
}

function detectionOf(reading: Reading): Detection {
  if (reading.kind === "nothing") return { state: "absent", reason: reading.reason, code: "not-configured" };
  if (reading.kind === "mistake") return { state: "ready", reason: reading.reason };
  return { state: "ready", reason: `AZURE_CLIENT_SECRET signs in the application ${reading.application.clientId}.` };
}

function applicationOf(reading: Reading): Application {
  if (reading.kind === "application") return reading.application;
  throw refusal(reading);
}

function refusal(reading: Exclude<Reading, { kind: "application" }>): IdentityError {
  const message = `${who}: ${reading.reason}`;
  if (reading.kind === "nothing") return outcomeError("not-configured", message);
  return outcomeError("misconfigured", message, { code: reading.code, remedy: reading.remedy });
}
