/** Stores a blob as an application that signs in with Entra ID, with both Entra ID and Azure Storage on this machine. */
import tls from "node:tls";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { BlobServiceClient } from "@azure/storage-blob";
import { startAzurite } from "./azurite.ts";
import { walkTable } from "./print.ts";

const say = console.log;

/** What this example is about: an identity out of azidentity.config.ts, given to a client of the Azure SDK. */
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
    if (walk === undefined) throw new Error("The client never asked for a token.");
    const { clientId, objectId, tenantId } = walk.principal ?? {};
    say(`\nWho was asked for the token, in this order:\n\n${walkTable(walk)}\n`);
    say("Whoever stands above the last one cannot work on this machine, which is no error: the chain went on.\n");
    say(`Ran as\n  application  ${clientId}\n  object       ${objectId}\n  tenant       ${tenantId}`);
  } finally {
    await identity.close();
  }
}

/** Makes this process look like one that was deployed with the emulator's application; what the machine has set is forgotten. */
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

/** Aborts on Ctrl-C, or when somebody asks the process to end, so that everything below ends in its `finally`. */
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
All of that was on this machine, and has ended. To run examples/blob-storage/main.ts against Azure, leave its
azidentity.config.ts as it is, and
  - set STORAGE_TENANT_ID, STORAGE_CLIENT_ID and STORAGE_CLIENT_SECRET to those of an application that has
    the role "Storage Blob Data Contributor", and do not set AZURE_AUTHORITY_HOST;
  - give storeBlob() the account's URL, https://<account>.blob.core.windows.net.`);
}

const signal = interruption();
try {
  await main(signal);
} catch (error) {
  if (signal.aborted) process.kill(process.pid, signal.reason);
  else throw error;
}
