/**
 * Programs in a container get tokens of the identity of the machine that they run on, and download
 * a blob. They know nothing of azidentity: Azure SDKs ask the relay as they ask App Service.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import entra from "@azidentity/plugin-entra";
import { BlobServiceClient } from "@azure/storage-blob";
import { startAzurite } from "../blob-storage/azurite.ts";
import { type Relay, startRelay } from "./relay.ts";

const say = console.log;

/** Where Debian's package `python3-azure` is. */
const python = "/usr/bin/python3";
const hasPython = existsSync("/usr/lib/python3/dist-packages/azure/storage/blob/__init__.py");

/** Uploads the blob as the application that this machine is signed in as. */
async function upload(accountUrl: string, env: NodeJS.ProcessEnv): Promise<void> {
  await using identity = createIdentity({ config: false, plugins: [entra] }, { env });
  const container = new BlobServiceClient(accountUrl, identity).getContainerClient("greetings");
  await container.createIfNotExists();
  const text = "Hello from the host!\n";
  await container.getBlockBlobClient("hello.txt").upload(text, text.length);
}

/**
 * Runs a program with nothing but the relay's variables, as in a container: no secret, no config,
 * no `az login`.
 */
async function runInContainer(
  command: readonly [string, string],
  { variables }: Relay,
  accountUrl: string,
  { caCertificateFile }: Emulator,
): Promise<void> {
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = variables;
  const trust = { NODE_EXTRA_CA_CERTS: caCertificateFile, REQUESTS_CA_BUNDLE: caCertificateFile };
  const env = { IDENTITY_ENDPOINT, IDENTITY_HEADER, ACCOUNT_URL: accountUrl, ...trust };
  const [file, script] = command;
  const { stdout } = await promisify(execFile)(file, [join(import.meta.dirname, script)], { env, cwd: tmpdir() });
  say(`${script} has downloaded: ${stdout.trimEnd()}`);
}

async function main(home: string): Promise<void> {
  await using emulator = await startEmulator();
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), emulator.caCertificate]);
  const env = {
    ...emulator.env(),
    NODE_EXTRA_CA_CERTS: emulator.caCertificateFile,
    HOME: home,
    USERPROFILE: home,
    SystemRoot: process.env.SystemRoot,
  };
  const ends = new AbortController();
  const azurite = await startAzurite(emulator.serverCertificate, ends.signal, () => undefined);
  try {
    await upload(azurite.url, env);
    say("The host has uploaded hello.txt.\n");

    const words = ["--source", "environment", "--allow", "https://storage.azure.com/.default", "--client", "container"];
    say(`azid serve ${words.join(" ")}\n`);
    const relay = await startRelay(words, env);
    try {
      const commands = [
        [process.execPath, "download.mjs"] as const,
        ...(hasPython ? [[python, "download.py"] as const] : []),
      ];
      for (const command of commands) {
        await runInContainer(command, relay, azurite.url, emulator);
        const { client, scopes, outcome } = await relay.nextAnswer();
        say(`  azid serve: ${client} asked for ${scopes.join(" ")}: ${outcome}\n`);
      }
    } finally {
      await relay.stop();
    }
    const { length } = emulator.requests.to(`/${emulator.tenantId}/oauth2/v2.0/token`);
    say(`Token requests to Entra ID: ${length}, one of the host itself and one of the relay.`);
  } finally {
    await azurite.stop();
  }
}

const home = mkdtempSync(join(tmpdir(), "example-container-"));
try {
  await main(home);
} finally {
  rmSync(home, { recursive: true, force: true });
}
