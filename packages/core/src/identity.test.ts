import { expect, it } from "vitest";
import { countingSource, hour, scope, setUp } from "../test/identity/set-up.ts";
import { tempFolder, writeFiles } from "../test/temp-folder.ts";
import { createIdentity } from "./identity.ts";
import { defineOptions } from "./options/define-options.ts";
import type { ServiceOverrides } from "./runtime/services.ts";
import type { IdentityOptions } from "./runtime/start-place.ts";
import { createFakeClock, type FakeClock } from "./test-kit/fake-clock.ts";

it("createIdentity throws for invalid arguments, and does nothing else yet", () => {
  expect(() => createIdentity(null as never)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  expect(() => createIdentity({ config: true as never })).toThrow(
    expect.objectContaining({ code: "invalid-argument" }),
  );
  expect(() => createIdentity({}, { loger: console } as never)).toThrow(
    expect.objectContaining({ code: "invalid-argument", remedy: 'Did you mean "logger"?' }),
  );
  expect(() => createIdentity({ plugins: ["no-such-plugin"], config: false })).not.toThrow();
});

it.each<[string, unknown]>([
  ["no object", 5],
  ["nothing", null],
  ["a clock without a method", { clock: { now: Date.now, monotonic: Date.now } }],
  ["a clock that is null", { clock: null }],
  ["HTTP without a method", { http: {} }],
  ["commands that are empty", { commands: {} }],
  ["half a logger", { logger: { error() {}, warn() {} } }],
  ["an environment that is text", { env: "A=1" }],
  ["a random number instead of a function", { random: 0.5 }],
])("createIdentity refuses an invalid service at once: %s", (_, overrides) => {
  expect(() => createIdentity({ config: false }, overrides as never)).toThrow(
    expect.objectContaining({ name: "ConfigurationError", code: "invalid-argument" }),
  );
});

it("an identity uses its services as they were at the call of createIdentity", async () => {
  const clock = createFakeClock();
  const overrides: { env?: object; clock?: FakeClock } = { env: {}, clock };
  const { plugin } = countingSource();
  const identity = createIdentity({ config: false, plugins: [plugin] }, overrides as ServiceOverrides);
  overrides.clock = {} as FakeClock;
  expect((await identity.getToken(scope)).expiresOnTimestamp).toBe(clock.now() + hour);
});

it("an identity is a TokenCredential over the default chain", async () => {
  const { plugin, requests } = countingSource();
  const { identity } = setUp({ plugins: [plugin] });
  expect((await identity.getToken(scope)).token).toBe("counting-1");
  expect((await identity.getToken([scope], { enableCae: false })).token).toBe("counting-1");
  expect(requests).toHaveLength(1);
});

it("peek returns what getToken returns without a request, and nothing before or after that", async () => {
  const { plugin, requests } = countingSource();
  const { identity, clock } = setUp({ plugins: [plugin] });
  expect(identity.peek(scope)).toBeUndefined();
  const token = await identity.getToken(scope);
  expect(await identity.peek([scope], { enableCae: false })).toBe(token);
  expect(identity.peek(scope, { claims: '{"access_token":{}}' })).toBeUndefined();
  expect(identity.peek("https://other.example/.default")).toBeUndefined();
  await clock.advance(hour);
  expect(identity.peek(scope)).toBeUndefined();
  expect(requests).toHaveLength(1);
});

it("an identity loads the config of a named folder, with plugins by relative path", async () => {
  const folder = tempFolder({
    "azidentity.config.json": JSON.stringify({ plugins: ["./mine.mjs"], chain: ["mine"] }),
    "mine.mjs": `export default { name: "mine", contract: 1, sources: [{ name: "mine", kind: "deployed", tenantPolicy: "fixed",
        subject: () => "x", create: () => ({ getToken: async () => ({ token: "T", expiresOnTimestamp: Date.now() + 1e6, tokenType: "Bearer" }) }) }] };`,
  });
  const identity = createIdentity({ configFile: `${folder}/azidentity.config.json` }, { env: {} });
  expect((await identity.getToken(scope)).token).toBe("T");
});

it("an identity uses its config as it was at the call, even if two identities get one object that changes in between", async () => {
  const one = countingSource("counting", { options: defineOptions({ account: { type: "string" } }) });
  const counting = { account: "a" };
  const plugins = [one.plugin];
  const config: IdentityOptions = { config: false, plugins, sources: { counting } };
  const overrides = { env: {}, clock: createFakeClock() };
  const first = createIdentity(config, overrides);
  counting.account = "b";
  const second = createIdentity(config, overrides);
  counting.account = "c";
  plugins.length = 0;
  for (const identity of [first, second]) await identity.getToken(scope);
  expect(one.created).toEqual([{ account: "a" }, { account: "b" }]);
});

it("an identity uses the export of a config file as it was when the file was loaded", async () => {
  const folder = tempFolder({
    "c.mjs": `const config = { sources: { counting: { account: "a" } } };
        globalThis.changeConfig = () => { config.sources.counting.account = "b"; };
        export default config;`,
  });
  const one = countingSource("counting", { options: defineOptions({ account: { type: "string" } }) });
  const identity = createIdentity({ configFile: `${folder}/c.mjs`, plugins: [one.plugin] }, { env: {} });
  await identity.ready();
  (globalThis as unknown as { changeConfig(): void }).changeConfig();
  Reflect.deleteProperty(globalThis, "changeConfig");
  await identity.getToken(scope);
  expect(one.created).toEqual([{ account: "a" }]);
});

it("an identity shares nothing with another identity", async () => {
  const { plugin, requests } = countingSource();
  const [a, b] = [setUp({ plugins: [plugin] }), setUp({ plugins: [plugin] })];
  await Promise.all([a.identity.getToken(scope), b.identity.getToken(scope)]);
  expect(requests).toHaveLength(2);
});

it("an identity loads again after the cause of a failure was fixed", async () => {
  const folder = tempFolder({ "azidentity.config.json": "{" });
  const configFile = `${folder}/azidentity.config.json`;
  const { plugin } = countingSource();
  const identity = createIdentity({ configFile, plugins: [plugin] }, { env: {} });
  await expect(identity.ready()).rejects.toMatchObject({ code: "config-malformed", file: configFile });
  writeFiles(folder, { "azidentity.config.json": "{}" });
  await identity.ready();
});
