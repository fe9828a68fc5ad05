/**
 * Stores a blob as an application that signs in with Entra ID, with both Entra ID and Azure Storage
 * on this machine.
 */
import tls from "node:tls";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { BlobServiceClient } from "@azure/storage-blob";
import { startAzurite } from "./azurite.ts";
import { walkTable } from "./print.ts";

const say = console.log;

/**
 * The subject of this example: an identity from azidentity.config.ts, passed to a client of the
 * Azure SDK.
 */
async function storeBlob(accountUrl: string, abortSignal: AbortSignal): Promise<void> {
  const identity = createIdentity();
  try {
    const container = new BlobServiceClient(accountUrl, identity).getContainerClient("greetings");
    const { succeeded } = await container.createIfNotExists({ abortSignal });
    say(succeeded ? 'Created the container "greetings".' : 'The container "greetings" was there already.');

    const blob = container.getBlockBlobClient("hello.txt");
    const sent = Buffer.from("Hello from azidentity!\n");
    await blob.upload(sent, sent.length, { abortSignal });
    say(`Uploaded hello.txt, ${sent.length} bytes.`);

    const received = await blob.downloadToBuffer(0, undefined, { abortSignal });
    if (!received.equals(sent)) throw new Error("The bytes that came back differ from those that were sent.");
    say(`Downloaded hello.txt, ${received.length} bytes, the same as were uploaded.`);

    const walk = identity.explain.last;
    if (walk === undefined) throw new Error("The client did not request a token.");
    const { clientId, objectId, tenantId } = walk.principal ?? {};
    say(`\nSources that were tried, in order:\n\n${walkTable(walk)}\n`);
    say("The sources above the last one are not available on this machine, so the chain went on.\n");
    say(`Ran as\n  application  ${clientId}\n  object       ${objectId}\n  tenant       ${tenantId}`);
  } finally {
    await identity.close();
  }
}

/**
 * Sets the environment of a process that is deployed with the emulator's application, without
 * variables of this machine.
 */
function deployHere({ authorityHost, tenantId, application, caCertificate }: Emulator): void {
  for (const name of Object.keys(process.env)) {
    if (/^(AZURE|AZIDENTITY)_(?!LOG_LEVEL$)/.test(name)) delete process.env[name];
  }
  Object.assign(process.env, {
    AZURE_AUTHORITY_HOST: authorityHost,
    STORAGE_TENANT_ID: tenantId,
    STORAGE_CLIENT_ID: application.clientId,
    STORAGE_CLIENT_SECRET: application.clientSecret,
    NO_PROXY: "localhost,127.0.0.1",
  });
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), caCertificate]);
}

/** Aborts on Ctrl-C and on SIGTERM, so that the code below ends in its `finally`. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => controller.abort(name));
  return controller.signal;
}

async function main(signal: AbortSignal): Promise<void> {
  say("Starting Entra ID on this machine (@azidentity/emulator) ...");
  const emulator = await startEmulator();
  try {
    say(`Entra ID is at ${emulator.authorityHost}.`);
    deployHere(emulator);
    const starting = (pid?: number) =>
      say(`Starting Azure Storage (Azurite, process ${pid}), which takes a second ...`);
    const azurite = await startAzurite(emulator.serverCertificate, signal, starting);
    try {
      say(`Azure Storage is at ${azurite.url}.\n`);
      await storeBlob(azurite.url, signal);
    } finally {
      await azurite.stop();
    }
  } finally {
    await emulator.close();
  }
  say(`
Everything ran on this machine, and has ended. To run examples/blob-storage/main.ts against Azure, leave its
azidentity.config.ts unchanged, and
  - set STORAGE_TENANT_ID, STORAGE_CLIENT_ID and STORAGE_CLIENT_SECRET to those of an application that has
    the role "Storage Blob Data Contributor", and do not set AZURE_AUTHORITY_HOST;
  - pass storeBlob() the URL of the account, https://<account>.blob.core.windows.net.`);
}

const signal = interruption();
try {
  await main(signal);
} catch (error) {
  if (signal.aborted) process.kill(process.pid, signal.reason);
  else throw error;
}
