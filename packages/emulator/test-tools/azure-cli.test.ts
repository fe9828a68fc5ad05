/** The Azure CLI signs a user in by browser, under Microsoft's host names. */
import { execFile } from "node:child_process";
import { accessSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { type SignInOutcome, startEmulator } from "../src/index.ts";
import { createBrowserCommand } from "../test/support/browser-command.ts";
import { ann } from "../test/support/users.ts";
import { verify } from "../test/support/verify.ts";

const program = "/usr/bin/az";
const isInstalled = (() => {
  try {
    accessSync(program);
    return true;
  } catch {
    return false;
  }
})();
/** The client id of the Azure CLI, the same in all tenants. */
const cli = { clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", publicClient: true, secrets: [] };

it.skipIf(!isInstalled)("az signs a user in by browser", { timeout: 60_000 }, async () => {
  const emulator = await startEmulator({ tenants: [{ applications: [{}, cli], users: [ann] }] });
  const folder = mkdtempSync(join(tmpdir(), "azidentity-az-"));
  const ends: Promise<SignInOutcome>[] = [];
  const browser = await createBrowserCommand((url) => ends.push(emulator.signIn(url, { follow: true })));
  try {
    const env = {
      PATH: "/usr/bin:/bin",
      HOME: folder,
      AZURE_CONFIG_DIR: join(folder, "azure"),
      AZURE_CORE_COLLECT_TELEMETRY: "0",
      REQUESTS_CA_BUNDLE: emulator.caCertificateFile,
      BROWSER: browser.path,
      ...(await emulator.startProxy()).env(),
    };
    const az = (...args: string[]) => promisify(execFile)(program, args, { env, cwd: "/" });
    await az("login", "--allow-no-subscriptions");
    const resource = ["--resource", "https://storage.azure.com", "--tenant", emulator.tenantId];
    const { accessToken } = JSON.parse((await az("account", "get-access-token", ...resource)).stdout);

    expect(await verify(emulator, accessToken, "https://storage.azure.com")).toMatchObject({ oid: ann.objectId });
    const [end] = await Promise.all(ends);
    expect(end).toMatchObject({ method: "GET", steps: ["account", "password"], answer: { status: 200 } });
  } finally {
    browser.remove();
    rmSync(folder, { recursive: true, force: true });
    await emulator.close();
  }
});
