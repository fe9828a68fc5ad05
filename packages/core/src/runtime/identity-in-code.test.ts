import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { definePlugin, defineSource } from "../options/define-options.ts";
import { createIdentity } from "./identity-in-code.ts";

const fixed = definePlugin({
  name: "fixed",
  sources: [
    defineSource({
      name: "fixed",
      kind: "deployed",
      priority: 1,
      tenantPolicy: "any",
      subject: () => "fixed",
      create: () => ({
        getToken: async () => ({
          token: "T",
          expiresOnTimestamp: Date.now() + 3_600_000,
          tokenType: "Bearer" as const,
        }),
      }),
    }),
  ],
});

it("an identity in code gets tokens from plugins that are values", async () => {
  await using identity = createIdentity({ plugins: [fixed] });
  expect(await identity.getToken("https://vault.azure.net")).toMatchObject({ token: "T" });
});

it("an identity in code obeys the operator's variables, and reads no file that they name", async () => {
  await using named = createIdentity({ plugins: [fixed] }, { env: { AZIDENTITY_CONFIG: "/no/such/file.json" } });
  await named.ready();
  await using wrong = createIdentity({ plugins: [fixed] }, { env: { AZIDENTITY_CHAIN: "fixd" } });
  await expect(wrong.ready()).rejects.toMatchObject({ code: "unknown-source" });
});

it.each([{}, { plugins: ["@azidentity/plugin-entra"] }])(
  "an identity in code does not look for plugins: %j",
  async (options) => {
    await using identity = createIdentity(options as unknown as { plugins: [] });
    await expect(identity.ready()).rejects.toMatchObject({
      code: "unknown-plugin",
      remedy: expect.stringContaining("plugins: [plugin]"),
    });
  },
);

it("an identity in code refuses what is no config at once", () => {
  expect(() => createIdentity("entra" as never)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
});

it("an identity in code reads files that references name in the working directory", async () => {
  const folder = tempFolder({ tenant: "contoso.example" });
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
  onTestFinished(() => cwd.mockRestore());
  await using identity = createIdentity({ plugins: [fixed], tenantId: { file: "tenant" } });
  await identity.ready();
  await using missing = createIdentity({ plugins: [fixed], tenantId: { file: "tenants" } });
  await expect(missing.ready()).rejects.toMatchObject({
    code: "missing-reference",
    message: expect.stringContaining(join(folder, "tenants")),
  });
});

it("An identity in code accepts `config: false`, and refuses another `config`", async () => {
  await using identity = createIdentity({ plugins: [fixed], config: false });
  expect(await identity.getToken("https://vault.azure.net")).toMatchObject({ token: "T" });
  await using other = createIdentity({ plugins: [fixed], config: {} as never });
  await expect(other.ready()).rejects.toMatchObject({ code: "unknown-key", path: "config" });
});
