/** The variables of a program's process: how it is signed in, and where its services are. */
import { writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { Emulator } from "@azidentity/emulator";
import type { CountedAz } from "./counted-az.ts";

/** How a process is signed in, by its environment alone. */
export type Situation = "service-principal" | "managed-identity" | "azure-cli" | "nothing";

export type Variables = Readonly<Record<string, string>>;

/** The user of the emulator's tenant. */
export const user = { username: "ann@contoso.example", password: "Ann-s3cret" };

/**
 * The variables in each situation. Microsoft's hosts are the emulator: a proxy connects them, so
 * that the libraries need no setting for it.
 */
export async function describeSituations(
  emulator: Emulator,
  { folder, az, services }: { readonly folder: string; readonly az: CountedAz; readonly services: Variables },
): Promise<Readonly<Record<Situation, Variables>>> {
  const proxy = await emulator.startProxy();
  const shared = {
    PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    HOME: folder,
    ...proxy.env(),
    NO_PROXY: "localhost,127.0.0.1",
    NODE_EXTRA_CA_CERTS: emulator.caCertificateFile,
    ...services,
    ...(await describeApplication(emulator, folder)),
    AUTHORITY_HOST: emulator.authorityHost,
    USER_NAME: user.username,
    PASSWORD: user.password,
    MANAGED_IDENTITY: emulator.host("app-service").userAssigned[0]?.clientId ?? "",
  };
  const { AZURE_AUTHORITY_HOST: _, ...principal } = emulator.env("service-principal");
  const chain = { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" };
  return {
    nothing: shared,
    "service-principal": { ...shared, ...principal },
    "managed-identity": { ...shared, ...emulator.env("app-service"), ...chain },
    "azure-cli": { ...shared, ...az.env },
  };
}

/** The emulator's application, which authenticates by secret, certificate and managed identity. */
async function describeApplication(emulator: Emulator, folder: string): Promise<Variables> {
  const { application, credentials, tenantId, authorityHost } = emulator;
  const { certificate, pem } = await emulator.createCertificate();
  const subject = emulator.host("app-service").systemAssigned?.objectId ?? "";
  const audiences = ["api://AzureADTokenExchange"];
  const federated = { issuer: `${authorityHost}/${tenantId}/v2.0`, subject, audiences };
  for (const credential of [{ certificate }, { federated }]) credentials.add(credential);
  const file = join(folder, "client.pem");
  await writeFile(file, pem, { mode: 0o600 });
  return {
    TENANT: tenantId,
    APP_ID: application.clientId,
    APP_SECRET: application.clientSecret,
    APP_CERTIFICATE: file,
  };
}
