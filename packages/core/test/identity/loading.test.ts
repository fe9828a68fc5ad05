import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { services } from "../../src/contract/services.ts";
import { createIdentity } from "../../src/identity.ts";
import { definePlugin } from "../../src/options/define-options.ts";
import type { Identity } from "../../src/runtime/identity.ts";
import type { IdentityOptions } from "../../src/runtime/start-place.ts";
import { defineTokenStore } from "../../src/store/define-token-store.ts";
import { createFakeClock } from "../../src/test-kit/fake-clock.ts";
import { tempFolder } from "../temp-folder.ts";
import { countingSource, failure, hour, scope, setUp } from "./set-up.ts";

it("loading ends in time if a config awaits a promise that never settles", async () => {
  const folder = tempFolder({ "c.mjs": "await new Promise(() => {}); export default {};" });
  const clock = createFakeClock();
  const error = failure(createIdentity({ configFile: `${folder}/c.mjs` }, { env: {}, clock }).getToken(scope));
  while (clock.sleepers === 0) await clock.advance(0);
  await clock.advance(30_000);
  expect(await error).toMatchObject({ code: "load-timeout", file: `${folder}/c.mjs` });
});

it.each([
  ["c.mjs", "export default new Promise(() => {});"],
  ["c.cjs", "exports.__esModule = true; exports.default = new Promise(() => {});"],
])("loading ends in time if a config exports a promise that never settles (%s)", async (name, text) => {
  const configFile = `${tempFolder({ [name]: text })}/${name}`;
  const clock = createFakeClock();
  const error = failure(createIdentity({ configFile }, { env: {}, clock }).getToken(scope));
  while (clock.sleepers === 0) await clock.advance(0);
  await clock.advance(30_000);
  expect(await error).toMatchObject({ code: "load-timeout", file: configFile });
});

it("a config that is edited while a program runs is not read again by its identity", async () => {
  const naming = (source: string) => JSON.stringify({ chains: { c: [source] } });
  const configFile = `${tempFolder({ "c.json": naming("one") })}/c.json`;
  const plugins = [countingSource("one").plugin, countingSource("two").plugin];
  const textOf = async (identity: Identity, asked: string) => (await identity.chain("c").getToken(asked)).token;
  const identity = createIdentity({ plugins, configFile }, { env: {} });
  expect(await textOf(identity, scope)).toBe("one-1");
  writeFileSync(configFile, naming("two"));
  expect(await textOf(identity, "https://storage.azure.com/.default")).toBe("one-2");
  expect(await textOf(createIdentity({ plugins, configFile }, { env: {} }), scope)).toBe("two-1");
});

it("a caller that aborts does not wait for loading", async () => {
  const folder = tempFolder({ "c.mjs": "await new Promise(() => {}); export default {};" });
  const identity = createIdentity({ configFile: `${folder}/c.mjs` }, { env: {}, clock: createFakeClock() });
  const caller = new AbortController();
  const error = failure(identity.getToken(scope, { abortSignal: caller.signal }));
  caller.abort();
  expect(await error).toMatchObject({ code: "cancelled" });
});

it.each([
  ["c.json", '{ "$schema": "./azidentity.schema.json", "chain": ["counting"] }'],
  ["c.yaml", "# yaml-language-server: $schema=./azidentity.schema.json\nchain: [counting]\n"],
  ["d.yaml", "$schema: ./azidentity.schema.json\nchain: [counting]\n"],
])("loading accepts a config with a $schema for editors (%s)", async (name, text) => {
  const configFile = `${tempFolder({ [name]: text })}/${name}`;
  const { plugin } = countingSource();
  expect((await createIdentity({ configFile, plugins: [plugin] }, { env: {} }).getToken(scope)).token).toBe(
    "counting-1",
  );
});

it("loading counts against a caller's timeout", async () => {
  const folder = tempFolder({ "c.mjs": "await new Promise(() => {}); export default {};" });
  const clock = createFakeClock();
  const identity = createIdentity({ configFile: `${folder}/c.mjs` }, { env: {}, clock });
  const error = failure(identity.getToken(scope, { requestOptions: { timeout: 100 } }));
  await clock.advance(100);
  expect(await error).toMatchObject({ code: "timeout" });
});

it("loading ends in time if `create` of a plugin's service never settles", async () => {
  const { plugin } = countingSource();
  const hanging = { token: services.http, name: "slow", create: () => new Promise<never>(() => {}) };
  const { identity, clock } = setUp({ plugins: [plugin, definePlugin({ name: "p", services: [hanging] })] });
  const error = failure(identity.getToken(scope));
  while (clock.sleepers === 0) await clock.advance(0);
  await clock.advance(30_000);
  expect(await error).toMatchObject({ name: "ConfigurationError", code: "load-timeout" });
});

it.each([
  ["error", []],
  ["warning", ["warn"]],
  ["info", ["info", "warn"]],
  ["verbose", ["debug", "info", "warn"]],
  ["loud", ["warn"]],
  [undefined, ["warn"]],
])(
  "loading with AZURE_LOG_LEVEL=%s a walk and a store that fails are logged on the levels %j",
  async (level, levels) => {
    const written = new Set<string>();
    const write = (at: string) => () => void written.add(at);
    const logger = { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
    const { plugin } = countingSource();
    const absent = countingSource("absent", {
      detect: () => ({ state: "absent", reason: "It is not here." }),
    }).plugin;
    const env = { AZURE_LOG_LEVEL: level };
    const create = () => Promise.reject(new Error("disk full"));
    const broken = defineTokenStore({ name: "broken", create });
    const plugins = [plugin, definePlugin({ name: "stores", services: [broken] })];
    await setUp({ plugins, cache: { store: "broken" } }, { env, logger }).identity.getToken(scope);
    await failure(setUp({ plugins: [absent] }, { env, logger }).identity.getToken(scope));
    expect([...written].sort()).toEqual(levels);
  },
);

it("`log.level` of the config takes precedence over AZURE_LOG_LEVEL", async () => {
  const lines: string[] = [];
  const write = (message: string) => void lines.push(message);
  const logger = { error: write, warn: write, info: write, debug: write };
  const { plugin } = countingSource();
  const options: IdentityOptions = { plugins: [plugin], log: { level: "error" } };
  await setUp(options, { env: { AZURE_LOG_LEVEL: "verbose" }, logger }).identity.getToken(scope);
  expect(lines).toEqual([]);
});

it("services of a plugin replace those of core, but not those of the caller", async () => {
  const asked: string[] = [];
  const http = (name: string) => ({
    send: async () => {
      asked.push(name);
      return { status: 200, headers: {}, body: "" };
    },
  });
  const { source } = countingSource("asking", {
    create: (_, context) => ({
      getToken: async ({ signal }) => {
        await context.http.send({ method: "GET", url: "http://127.0.0.1" }, signal);
        return { token: "T", expiresOnTimestamp: context.clock.now() + hour, tokenType: "Bearer" };
      },
    }),
  });
  const provider = { token: services.http, name: "theirs", create: () => http("plugin") };
  const plugins = [definePlugin({ name: "p", sources: [source], services: [provider] })];
  await setUp({ plugins }).identity.getToken(scope);
  await setUp({ plugins }, { http: http("caller") }).identity.getToken(scope);
  expect(asked).toEqual(["plugin", "caller"]);
});

it("an invalid service of a plugin is refused with its name", async () => {
  const { plugin } = countingSource();
  const provider = { token: services.http, name: "half", create: () => ({}) as never };
  const { identity } = setUp({ plugins: [plugin, definePlugin({ name: "p", services: [provider] })] });
  const error = await failure(identity.getToken(scope));
  expect(error).toMatchObject({ code: "invalid-plugin", message: expect.stringContaining('"half"') });
});

it.each([{ configFile: 5 }, { configFile: "" }, { configFile: "c.json", config: false }])(
  "the config option %j is refused at once",
  (options) => {
    expect(() => createIdentity(options as never)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  },
);
