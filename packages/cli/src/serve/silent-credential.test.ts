import { createIdentity, type IdentityConfig } from "@azidentity/core";
import { type CredentialSource, defineOptions, definePlugin, defineSource } from "@azidentity/core/plugin";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import users from "@azidentity/plugin-users";
import { errorOf } from "@azidentity/test-support";
import { afterAll, beforeAll, expect, it } from "vitest";
import { silentCredential } from "./silent-credential.ts";

const scope = "https://storage.azure.com/.default";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const prompting = defineSource({
  name: "dialog",
  kind: "interactive",
  tenantPolicy: "any",
  options: defineOptions({}),
  subject: () => undefined,
  create: () => ({ getToken: () => Promise.reject(new Error("A dialog was opened.")) }),
}) as CredentialSource;

function identityOf(config: IdentityConfig = {}) {
  const dialogs = definePlugin({ name: "dialogs", sources: [prompting] });
  return createIdentity({ config: false, plugins: [users, dialogs], ...config }, { env: emulator.env() });
}

it("a source that prompts is asked without a prompt, and prompts when the user's command says so", async () => {
  await using identity = identityOf();
  const { credential, signIn } = await silentCredential(identity, { source: "interactive-browser" });
  emulator.requests.clear();
  expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "interaction-required" });
  expect(emulator.requests.filter(({ path }) => /authorize|devicecode/.test(path))).toEqual([]);
  expect(signIn).toBeTypeOf("function");
});

it("the same holds for a source of a chain of the config, and of the default chain", async () => {
  const chains = { people: ["interactive-browser", "device-code"] };
  await using identity = identityOf({ chains, sources: { "device-code": { enabled: true } } });
  for (const chosen of [{ chain: "people" }, {}]) {
    const { credential, signIn } = await silentCredential(identity, chosen);
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: "interaction-required" });
    expect(signIn).toBeUndefined();
  }
  expect(emulator.requests.filter(({ path }) => /authorize|devicecode/.test(path))).toEqual([]);
});

it.each([
  ["by name", {}, { source: "dialog" }],
  ["in a chain", { chains: { own: [{ source: "dialog" }] } }, { chain: "own" }],
  ["in the default chain", { sources: { dialog: { enabled: true } } }, {}],
])("a source that cannot be kept from prompting is refused %s", async (_, config, chosen) => {
  await using identity = identityOf(config as IdentityConfig);
  expect(await errorOf(silentCredential(identity, chosen))).toMatchObject({
    code: "source-prompts",
    message: expect.stringContaining("dialog"),
  });
});

it("sources that never prompt are used as they are", async () => {
  await using identity = identityOf();
  const { credential, signIn } = await silentCredential(identity, { source: "authorization-code" });
  expect(signIn).toBeTypeOf("function"); // it has the option, as all sources of users
  expect(await errorOf(credential.getToken(scope))).toMatchObject({ outcome: expect.any(String) });
});
