/** `azid serve` over the real az: what a container gets before and after `az login` on its host. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "@azidentity/emulator";
import { azureCliApplication, claimsOf, hasAzureCli, openAzureCli } from "@azidentity/test-support";
import { expect, it } from "vitest";
import { ask, managedIdentity } from "../test/serve/relay-client.ts";
import { startServe } from "../test/serve/start-serve.ts";

const storage = "https://storage.azure.com/.default";

it.skipIf(!hasAzureCli)(
  "a program without az or a sign-in gets tokens of the user who signs in with az on its host",
  async () => {
    const users = [{ username: "ann@contoso.example", password: "ann-s3cret" }];
    await using emulator = await startEmulator({ tenants: [{ applications: [{}, azureCliApplication], users }] });
    using az = await openAzureCli(emulator);
    const limit = { AZIDENTITY_AZURE_CLI_TIMEOUT_MS: "60000" }; // az needs long for its first start
    await using serving = await startServe(["--source", "azure-cli", "--allow", storage], { ...az.env, ...limit });
    const { started, variables, output } = serving;
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER = "" } = variables;
    expect(started.identity).toBeUndefined();
    expect(output()).toContain("az login");

    const refused = await ask(started.port, managedIdentity(IDENTITY_HEADER));
    expect([refused.status, refused.json.message]).toEqual([424, expect.stringContaining("Run: az login")]);
    expect(await serving.next()).toMatchObject({ client: "default", outcome: "not-signed-in" });

    await az.signIn({ username: "ann@contoso.example", password: "ann-s3cret" });
    const client = join(import.meta.dirname, "../test/serve/azure-sdk-client.mjs");
    const words = [client, "ManagedIdentityCredential", storage];
    const { stdout } = await promisify(execFile)(process.execPath, words, {
      env: { IDENTITY_ENDPOINT, IDENTITY_HEADER },
    });
    expect(claimsOf(JSON.parse(stdout)[0].token)).toMatchObject({ upn: "ann@contoso.example" });
    expect(await serving.next()).toMatchObject({ client: "default", outcome: "token" });
  },
);
