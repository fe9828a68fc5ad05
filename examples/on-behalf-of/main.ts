/**
 * Starts the API with Entra ID and Key Vault on this machine; 200 users call it five times each.
 */
import tls from "node:tls";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import entra from "@azidentity/plugin-entra";
import { SecretClient } from "@azure/keyvault-secrets";
import { createApi } from "./api.ts";
import { createVerifyCaller } from "./verify-caller.ts";

const users = 200;
const callsEach = 5;
const clientOptions = { disableChallengeResourceVerification: true }; // the vault is not below vault.azure.net

/** Makes all calls, 20 at a time; returns status and body of each. */
async function callAll(url: string, tokens: readonly string[]) {
  const calls = tokens.flatMap((token) => Array.from({ length: callsEach }, () => token));
  const left = calls.values();
  const answers: { readonly status: number; readonly text: string }[] = [];
  const worker = async () => {
    for (const token of left) {
      const response = await fetch(`${url}/greeting`, { headers: { authorization: `Bearer ${token}` } });
      answers.push({ status: response.status, text: await response.text() });
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  return answers;
}

async function serve(emulator: Emulator): Promise<void> {
  const { authorityHost, tenantId, application, vaultUrl } = emulator;
  const { clientId, clientSecret } = application;
  await using identity = createIdentity({ config: false, plugins: [entra], authorityHost, tenantId });
  const owner = identity.credential("client-secret", { clientId, clientSecret });
  await new SecretClient(vaultUrl, owner, clientOptions).setSecret("greeting", "Hello");

  const api = createApi({
    verifyCaller: createVerifyCaller(authorityHost, tenantId, clientId),
    onBehalfOf: identity.credential("on-behalf-of", { clientId, clientSecret }),
    vaultUrl,
    clientOptions,
  });
  const url = await api.listen({ host: "127.0.0.1", port: 0 });
  try {
    const names = Array.from({ length: users }, (_, n) => `user${n}@contoso.example`);
    const tokens = await Promise.all(names.map((username) => emulator.issueUserToken({ username })));
    emulator.requests.clear();
    const answers = await callAll(url, tokens);
    const greeted = new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text));
    console.log(`Calls: ${answers.length}, users greeted by name: ${greeted.size}`);
    console.log(`Requests for a token: ${emulator.requests.to("/token").length}`);

    emulator.faults.add({
      path: "token",
      error: 50076,
      rewrite: { claims: '{"access_token":{"acrs":{"value":"c1"}}}' },
    });
    const newcomer = await emulator.issueUserToken({ username: "newcomer@contoso.example" });
    const stepUp = await fetch(`${url}/greeting`, { headers: { authorization: `Bearer ${newcomer}` } });
    console.log(`A user who has to do more: ${stepUp.status} ${stepUp.headers.get("www-authenticate")}`);
    const unknownCaller = await fetch(`${url}/greeting`, { headers: { authorization: "Bearer invalid" } });
    console.log(`An unknown caller: ${unknownCaller.status} ${unknownCaller.headers.get("www-authenticate")}`);
  } finally {
    await api.close();
  }
}

await using emulator = await startEmulator();
tls.setDefaultCACertificates([...tls.getCACertificates("default"), emulator.caCertificate]);
await serve(emulator);
