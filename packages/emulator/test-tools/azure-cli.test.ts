/** The Azure CLI signs a user in by browser, under Microsoft's host names. */
import { azureCliApplication, hasAzureCli, openAzureCli } from "@azidentity/test-support";
import { expect, it } from "vitest";
import { type SignInOutcome, startEmulator } from "../src/index.ts";
import { createBrowserCommand } from "../test/support/browser-command.ts";
import { ann } from "../test/support/users.ts";
import { verify } from "../test/support/verify.ts";

it.skipIf(!hasAzureCli)("az signs a user in by browser", async () => {
  const emulator = await startEmulator({ tenants: [{ applications: [{}, azureCliApplication], users: [ann] }] });
  const ends: Promise<SignInOutcome>[] = [];
  const browser = await createBrowserCommand((url) => ends.push(emulator.signIn(url, { follow: true })));
  try {
    using cli = await openAzureCli(emulator);
    const az = (...args: string[]) => cli.run(args, { BROWSER: browser.path });
    await az("login", "--allow-no-subscriptions");
    const resource = ["--resource", "https://storage.azure.com", "--tenant", emulator.tenantId];
    const { accessToken } = JSON.parse((await az("account", "get-access-token", ...resource)).stdout);

    expect(await verify(emulator, accessToken, "https://storage.azure.com")).toMatchObject({ oid: ann.objectId });
    const [end] = await Promise.all(ends);
    expect(end).toMatchObject({ method: "GET", steps: ["account", "password"], answer: { status: 200 } });
  } finally {
    browser.remove();
    await emulator.close();
  }
});
