/**
 * Changes between runs of a tool whose tokens are stored, with the real sources and the real file
 * store.
 */
import { createIdentity, type IdentityOptions } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import devTools from "@azidentity/plugin-dev-tools";
import entra from "@azidentity/plugin-entra";
import { expect, it, onTestFinished } from "vitest";
import { createLaptop } from "./laptop.ts";

const scope = "https://storage.azure.com/.default";
const plugins = [entra, devTools, cachePersist];

/** A laptop on which Ann is signed in; `run` runs a program and returns its account. */
function setUp() {
  const laptop = createLaptop();
  onTestFinished(() => laptop[Symbol.dispose]());
  laptop.azLogin("ann");
  const run = async (config: IdentityOptions = {}, env: Readonly<Record<string, string>> = {}) => {
    const whole = { config: false, plugins, ...config, cache: { store: "file", ...config.cache } } as const;
    await using identity = createIdentity(whole, { env: { ...laptop.env, ...env } });
    await identity.getToken(scope);
    return identity.explain.last?.principal?.username;
  };
  return { laptop, run };
}

it("a new `expect` refuses the stored token of another account, and then the token of az", async () => {
  const { laptop, run } = setUp();
  await run();
  await expect(run({ expect: { objectId: "object-id-of-bernard" } })).rejects.toMatchObject({
    errors: expect.arrayContaining([expect.objectContaining({ code: "unexpected-principal" })]),
  });
  expect(laptop.azRuns()).toBe(2);
  laptop.azLogin("bernard");
  expect(await run({ expect: { objectId: "object-id-of-bernard" } })).toBe("bernard");
});

it("a stored token that meets `expect` is served", async () => {
  const { laptop, run } = setUp();
  await run();
  expect(await run({ expect: { objectId: "object-id-of-ann", tenantId: "contoso" } })).toBe("ann");
  expect(laptop.azRuns()).toBe(1);
});

it("two tools with different cache names run az once each, and share no token", async () => {
  const { laptop, run } = setUp();
  for (const name of ["one", "two", "one", "two"]) expect(await run({ cache: { name } })).toBe("ann");
  expect(laptop.azRuns()).toBe(2);
});

it("a config with a tenant is not served a token that was acquired without one", async () => {
  const { laptop, run } = setUp();
  await run();
  await run({ tenantId: "fabrikam" });
  expect(laptop.azRuns()).toBe(2);
});

it("a service principal that fails does not fall back to the developer's stored token", {
  timeout: 60_000,
}, async () => {
  const { laptop, run } = setUp();
  expect(await run()).toBe("ann");
  const app = { AZURE_TENANT_ID: "contoso", AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "secret" };
  const unreachable = { ...app, AZURE_AUTHORITY_HOST: "https://localhost:1" };
  await expect(run({}, unreachable)).rejects.toMatchObject({ outcome: "unreachable" });
  expect(laptop.azRuns()).toBe(1);
});
