/**
 * What our applications send to Entra's token endpoint is compared, field by field, with what the
 * Azure CLI sends after `az login --service-principal`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { type AzureCli, createIdentities, hasAzureCli, openAzureCli, scope } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import entra from "../src/index.ts";

/**
 * Not compared: telemetry; `client_info`, which describes a user and which az requests for
 * applications too; and the capability `CP1`, which it declares for every token.
 */
const notCompared = /^(?:x-|client-request-id$|client_info$|claims$)/;

describe.skipIf(!hasAzureCli)("the Azure CLI", () => {
  let emulator: Emulator;
  let cli: AzureCli;
  let pemFile: string;
  const identities = createIdentities(entra, () => emulator);

  beforeAll(async () => {
    emulator = await startEmulator();
    const { pem, certificate } = await emulator.createCertificate();
    emulator.credentials.add({ certificate });
    cli = await openAzureCli(emulator);
    pemFile = join(cli.folder, "app.pem");
    writeFileSync(pemFile, pem, { mode: 0o600 });
  });
  afterEach(() => identities.close());
  afterAll(async () => {
    await emulator?.close();
    cli?.[Symbol.dispose]();
  });

  /** The token requests that work sends. */
  async function requestsOf(work: () => Promise<unknown>) {
    emulator.requests.clear();
    await work();
    return emulator.requests.to("/token").map(({ path, form }) => ({
      path,
      form: Object.fromEntries(Object.entries(form).filter(([name]) => !notCompared.test(name))),
    }));
  }

  it.each<[what: string, login: () => string[], source: string, options: () => object]>([
    [
      "a secret",
      () => ["--password", emulator.application.clientSecret],
      "client-secret",
      () => ({ clientSecret: emulator.application.clientSecret }),
    ],
    ["a certificate", () => ["--password", pemFile], "client-certificate", () => ({ certificatePath: pemFile })],
  ])("az sends for an application with %s the fields that ours send", async (what, login, source, options) => {
    const { tenantId, application } = emulator;
    const { clientId } = application;
    const own = { AZURE_CONFIG_DIR: join(cli.folder, what) };
    const az = (...args: string[]) => cli.run(args, own);
    const principal = ["--service-principal", "--username", clientId, "--tenant", tenantId];
    await az("login", "--allow-no-subscriptions", ...principal, ...login());
    const sent = await requestsOf(() => az("account", "get-access-token", "--resource", "https://vault.azure.net"));
    expect(sent).toHaveLength(1);
    const credential = identities.make().credential(source, { tenantId, clientId, ...options() });
    expect(await requestsOf(() => credential.getToken(scope))).toEqual(sent);
  });
});
