/** The mocks of node:test, and an ES module of a program that imports the package. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mock, test } from "node:test";

const require = createRequire(import.meta.url);
const { applicationOf, constructorArguments, double, scope } = require("./arguments.cjs");
const identity = await import("@azure/identity");

for (const name of Object.keys(constructorArguments)) {
  test(`mock.method replaces getToken on ${name}.prototype, until it is restored`, async (t) => {
    const { prototype } = identity[name];
    const before = prototype.getToken;
    const method = t.mock.method(prototype, "getToken", async () => double);
    assert.equal(await new identity[name](...constructorArguments[name]).getToken(scope), double);
    assert.deepEqual(
      method.mock.calls.map(({ arguments: given }) => given),
      [[scope]],
    );
    method.mock.restore();
    assert.equal(prototype.getToken, before);
  });
}

test("mock.timers end the life of a token", async (t) => {
  t.mock.timers.enable({ apis: ["Date", "setTimeout", "setInterval", "setImmediate"], now: Date.now() });
  const { credential, requests } = applicationOf(identity);
  await credential.getToken(scope);
  t.mock.timers.tick(30 * 60_000);
  assert.equal((await credential.getToken(scope)).token, "token-1");
  t.mock.timers.tick(31 * 60_000);
  assert.equal((await credential.getToken(scope)).token, "token-2");
  assert.equal(requests(), 2);
});

test("mock.module replaces the package for modules that are loaded afterwards", async () => {
  class DefaultAzureCredential {
    getToken = async () => double;
  }
  const module = mock.module("@azure/identity", { namedExports: { ...identity, DefaultAzureCredential } });
  const replaced = await import("@azure/identity");
  assert.equal(await new replaced.DefaultAzureCredential().getToken(scope), double);
  assert.equal(replaced.ChainedTokenCredential, identity.ChainedTokenCredential);
  assert.equal(await replaced.getBearerTokenProvider(new replaced.DefaultAzureCredential(), scope)(), "a-double");
  module.restore();
});
