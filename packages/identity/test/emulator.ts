/** The emulator as every suite of this package uses it. */
import tls from "node:tls";
import { type Emulator, type EmulatorOptions, startEmulator } from "@azidentity/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { resetSharedTokens } from "../src/shared/links.ts";
import { createRoot } from "../src/shared/roots.ts";

export const scope = "https://storage.azure.com/.default";

/** Variables of the machine that would make a credential sign in as someone else. */
const foreign = /^(?:AZURE|AZIDENTITY|MSI|IDENTITY|IMDS)_/;

/** Starts the emulator for a file, trusted by this process, and begins each test without tokens. */
export function withEmulator(options: EmulatorOptions = {}): () => Emulator {
  let emulator: Emulator;
  const trusted = tls.getCACertificates("default");
  beforeAll(async () => {
    emulator = await startEmulator(options);
    tls.setDefaultCACertificates([...trusted, emulator.caCertificate]);
    // loads all plugins, before the clock of a test runs
    await (await createRoot(process.env as Record<string, string>)).ready();
  });
  beforeEach(() => {
    emulator.requests.clear();
    resetSharedTokens();
    for (const name of Object.keys(process.env)) if (foreign.test(name)) vi.stubEnv(name, undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    resetSharedTokens();
  });
  afterAll(async () => {
    tls.setDefaultCACertificates(trusted);
    await emulator?.close();
  });
  return () => emulator;
}

/** Options for credentials that sign in at the emulator. */
export const atEmulator = ({ authorityHost }: Emulator) => ({ authorityHost, disableInstanceDiscovery: true });

/** Token requests that the emulator has got. */
export const tokenRequests = (emulator: Emulator) => emulator.requests.to("/token").length;
