import { expect, it } from "vitest";
import { loadOfficialPlugins } from "../project/official-plugins.ts";
import { printedConfig, secretNames } from "./printed-config.ts";

it("secrets are hidden wherever they stand, and references stay as they were written", async () => {
  const secrets = secretNames(await loadOfficialPlugins());
  for (const name of ["clientSecret", "password", "certificatePassword", "key", "url"]) expect(secrets).toContain(name);
  const config = {
    chain: ["environment", { source: "client-secret", options: { clientSecret: "s3cret", clientId: "app" } }],
    sources: { "client-secret": { clientSecret: { env: "SECRET" } }, relay: { key: { file: "key.txt" } } },
    profiles: { ci: { chains: { a: [{ source: "username-password", options: { password: "s3cret" } }] } } },
    cache: { store: "redis", url: ["rediss://u:s3cret@a", "rediss://u:s3cret@b"], previousKeys: ["s3cret"] },
    http: { proxy: "http://user:s3cret@proxy.example:8080" },
  };
  const printed = printedConfig(config, secrets);
  expect(JSON.stringify(printed)).not.toContain("s3cret");
  expect(printed).toMatchObject({
    chain: [
      "environment",
      { source: "client-secret", options: { clientSecret: "(secret, not shown)", clientId: "app" } },
    ],
    sources: { "client-secret": { clientSecret: { env: "SECRET" } }, relay: { key: { file: "key.txt" } } },
    http: { proxy: "http://user:…@proxy.example:8080" },
  });
});

it("what only code can have is described, and plugins are their names", () => {
  const getToken = async () => undefined;
  const config = {
    plugins: [{ name: "team", sources: [] }, "./plugin.ts"],
    chain: [{ getToken }, { credential: { getToken }, subject: "s" }],
    sources: { "client-assertion": { getAssertion: () => "s3cret" } },
    tenantId: { $template: ["$", "{env:TENANT}"].join("") },
  };
  expect(printedConfig(config, new Set())).toEqual({
    plugins: ["team", "./plugin.ts"],
    chain: ["(a credential in code)", { credential: "(a credential in code)", subject: "s" }],
    sources: { "client-assertion": { getAssertion: "(a function)" } },
    tenantId: ["$", "{env:TENANT}"].join(""),
  });
});
