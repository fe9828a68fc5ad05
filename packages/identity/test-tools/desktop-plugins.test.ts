/** `@azure/identity-broker` and `@azure/identity-vscode` where there is no broker. */
import { join } from "node:path";
import { bus, inShell } from "@azidentity/test-support";
import { expect, it } from "vitest";

const program = join(import.meta.dirname, "desktop-plugins-program.mjs");
const folder = '"$HOME/.azure/ms-azuretools.vscode-azureresourcegroups"';
const record = JSON.stringify({
  authority: "login.microsoftonline.com",
  homeAccountId: "11111111-aaaa-4111-8111-111111111111.2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501",
  clientId: "aebc6443-996d-45c2-90f0-388ff96faa56",
  tenantId: "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501",
  username: "ann@contoso.example",
});

it("the plugins for the broker and the editor are accepted; without a broker, people sign in with the browser", {
  timeout: 120_000,
}, async () => {
  const signIn = `mkdir -p ${folder}; echo '${record}' > ${folder}/authRecord.json`;
  const [peer, ours, signedIn] = await inShell(program, bus, ["run peer", "run ours", signIn, "run ours"]);
  expect(peer).toMatchObject({
    useBroker: "done",
    useEditor: expect.stringContaining("setVsCodeCredentialFinder is not a function"),
    browser: expect.stringContaining("the broker is unavailable"),
  });
  expect(ours).toEqual({
    useBroker: "done",
    useEditor: "done",
    browser: expect.stringMatching(/^AuthenticationRequiredError: .*Automatic authentication has been disabled/),
    defaultAccount: expect.stringMatching(/^CredentialUnavailableError: .*broker/),
    editor: expect.stringMatching(/^CredentialUnavailableError: .*No user is signed in to Visual Studio Code/),
  });
  expect(signedIn?.editor).toMatch(/^CredentialUnavailableError: .*broker/);
});
