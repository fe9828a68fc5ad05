import { expect, it } from "vitest";
import type { ChainEntry } from "../src/config/define.ts";
import { outcomeError } from "../src/errors/outcome-error.ts";
import { createIdentity } from "../src/identity.ts";
import { definePlugin, defineSource } from "../src/options/define-options.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";

const scope = "https://vault.azure.net/.default";

/** On a machine that looks like the host's: it does not answer, and a developer is signed in. */
const silentHost = defineSource({
  name: "host",
  kind: "deployed",
  priority: 1,
  tenantPolicy: "fixed",
  detect: () => ({ state: "likely", reason: "The machine looks like it." }),
  subject: () => "host",
  create: () => ({
    getToken: async () => {
      throw outcomeError("unreachable", "The host does not answer.");
    },
  }),
});
const tool = defineSource({
  name: "tool",
  kind: "developer",
  priority: 1,
  tenantPolicy: "any",
  subject: () => "developer",
  create: (_, { clock }) => ({
    getToken: async () => ({ token: "D", expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" }),
  }),
});

function open(env: Readonly<Record<string, string>> = {}, config: { readonly chain?: readonly ChainEntry[] } = {}) {
  const plugins = [definePlugin({ name: "test", sources: [silentHost, tool] })];
  return createIdentity({ config: false, plugins, ...config }, { env, clock: createFakeClock() });
}

it("a source is named by a chain of a config, of a caller, or of an operator, and not by the default chain", async () => {
  const names = ["host", "tool"] as const;
  await using standard = open();
  await using configured = open({}, { chain: names });
  await using operated = open({ AZURE_TOKEN_CREDENTIALS: "host,tool" });
  const outcomes = [standard, standard.chain(names), configured, operated].map((credential) =>
    credential.getToken(scope).then(
      ({ token }) => token,
      (error) => error.code,
    ),
  );
  expect(await Promise.all(outcomes)).toEqual(["D", "unreachable", "unreachable", "unreachable"]);
});

it("a source that a chain has named is still not named by the default chain", async () => {
  await using identity = open();
  await expect(identity.chain(["host", "tool"]).getToken(scope)).rejects.toMatchObject({ code: "unreachable" });
  expect((await identity.getToken(scope)).token).toBe("D");
});
