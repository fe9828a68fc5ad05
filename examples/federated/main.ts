/**
 * Signs an application in with the managed identity of its host, with Entra ID and App Service on
 * this machine.
 */
import tls from "node:tls";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";

const say = console.log;

/** The subject of this example: a source that signs in with the token of another. */
async function signIn(): Promise<void> {
  const identity = createIdentity();
  try {
    for (const resource of ["https://vault.azure.net", "https://storage.azure.com"]) {
      await identity.getToken(`${resource}/.default`);
      const { winner, principal } = identity.explain.last ?? {};
      say(`A token for ${resource} by ${winner}, for the application ${principal?.clientId}`);
    }
  } finally {
    await identity.close();
  }
}

/**
 * Sets the environment of a process on App Service, whose managed identity the application trusts.
 */
function deployHere(emulator: Emulator): void {
  const { authorityHost, tenantId, application, caCertificate } = emulator;
  const { systemAssigned } = emulator.host("app-service");
  if (systemAssigned === undefined) throw new Error("The host has no system-assigned identity.");
  const issuer = `${authorityHost}/${tenantId}/v2.0`;
  emulator.credentials.add({ federated: { issuer, subject: systemAssigned.objectId } });
  for (const name of Object.keys(process.env)) {
    if (/^(AZURE|AZIDENTITY|IDENTITY|MSI)_(?!LOG_LEVEL$)/.test(name)) delete process.env[name];
  }
  Object.assign(process.env, emulator.env("app-service"), {
    AZURE_AUTHORITY_HOST: authorityHost,
    APPLICATION_TENANT_ID: tenantId,
    APPLICATION_CLIENT_ID: application.clientId,
    NO_PROXY: "localhost,127.0.0.1",
  });
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), caCertificate]);
}

const emulator = await startEmulator({ hosts: { "app-service": {} } });
try {
  deployHere(emulator);
  await signIn();
  say(`Requests to the host: ${emulator.requests.to("/msi/token").length}`);
  say(`Requests to Entra ID: ${emulator.requests.to("/oauth2/v2.0/token").length}`);
} finally {
  await emulator.close();
}
