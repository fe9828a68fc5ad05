import { outcomeError, services } from "@azidentity/core/plugin";
import { expect, it } from "vitest";
import { createDoctorContext, type TestMachine } from "../../../test/doctor-context.ts";
import type { ProjectStatus } from "../project-status.ts";
import { broker } from "./broker.ts";
import { config } from "./config.ts";
import { plugins } from "./plugins.ts";
import { store } from "./store.ts";

const project: ProjectStatus = { configFile: "/p/c.json", untrusted: [], error: undefined, versions: {} };
const machine = (more: TestMachine) => createDoctorContext(more);

it("a config is shown with its profile and its mode; none is fine", async () => {
  expect(await config(machine({}))).toMatchObject([{ state: "ok", sentence: expect.stringContaining("none here") }]);
  expect(await config(machine({ project }))).toEqual([{ state: "ok", sentence: "/p/c.json" }]);
  const settings = { profile: "ci", mode: "production" } as const;
  expect((await config(machine({ project, inspection: { settings } })))[0]?.sentence).toBe(
    "/p/c.json (profile ci, mode production)",
  );
});

it("a config that has not been trusted, or is broken, is a problem; warnings follow", async () => {
  const untrusted = { ...project, untrusted: ["the plugin ./team.mjs"] };
  expect(await config(machine({ project: untrusted }))).toMatchObject([
    { state: "problem", code: "untrusted-config", remedy: expect.stringContaining("azid trust") },
  ]);
  const error = { code: "config-malformed", problem: "c.json:2:1 is no JSON.", remedy: "Correct it.", exitCode: 5 };
  expect(
    await config(machine({ project: { ...project, error }, warnings: ["Did you mean AZIDENTITY_MODE?"] })),
  ).toEqual([
    { state: "problem", sentence: "c.json:2:1 is no JSON.", remedy: "Correct it.", code: "config-malformed" },
    { state: "warning", sentence: "Did you mean AZIDENTITY_MODE?" },
  ]);
});

it("a file that is nearly a config is a warning with what to do", async () => {
  const nearMiss = { file: "/p/azidentity.config.jsonc", remedy: "rename it to azidentity.config.json", likely: true };
  expect(await config(machine({ project: { ...project, configFile: undefined, nearMiss } }))).toMatchObject([
    { state: "warning", remedy: "If it is the config of this project, rename it to azidentity.config.json." },
  ]);
});

it("plugins are shown with their versions; without plugins there is a problem", async () => {
  const names = ["@azidentity/plugin-entra", "@azidentity/plugin-users", "@contoso/azidentity-broker"];
  const loaded = names.map((name) => ({ name, contract: 1 }) as const);
  const versions = { "@azidentity/plugin-entra": "1.2.0", "@azidentity/plugin-users": "1.2.0" };
  const found = await plugins(machine({ project: { ...project, versions }, inspection: { plugins: loaded } }));
  expect(found.map(({ sentence }) => sentence)).toEqual([
    "entra, users 1.2.0",
    "@contoso/azidentity-broker unknown version",
  ]);
  expect(await plugins(machine({}))).toMatchObject([{ state: "problem", code: "no-plugins" }]);
});

it("a store works, fails with its remedy, or is not configured", async () => {
  expect(await store(machine({}))).toMatchObject([{ state: "skipped" }]);
  const withStore = (error: unknown) =>
    store(machine({ inspection: { store: { name: "file", diagnose: async () => error } } }));
  expect(await withStore(undefined)).toEqual([{ state: "ok", sentence: 'The store "file" works.', ms: 0 }]);
  const place = async () => ({ entries: "/home/ann/tokens", key: "Secret Service" });
  const opened = { inspection: { store: { name: "file", diagnose: async () => undefined } } };
  const context = { services: new Map([[services.tokenStore, { place }]]) };
  expect((await store(machine({ ...opened, context })))[0]?.sentence).toBe(
    'The store "file" works: /home/ann/tokens, key: Secret Service.',
  );
  const error = outcomeError("misconfigured", "No keyring.", { code: "no-store-key", remedy: "Set a key." });
  expect(await withStore(error)).toMatchObject([
    { state: "warning", subject: "file", sentence: "No keyring.", remedy: "Set a key.", code: "no-store-key" },
  ]);
  expect(await withStore(new Error("The disk is full."))).toMatchObject([{ sentence: "The disk is full." }]);
});

it("a broker is there, is missing with what to install, or no plugin knows one", async () => {
  expect(await broker(machine({}))).toMatchObject([
    { state: "skipped", sentence: "No plugin with a broker is loaded." },
  ]);
  const found = (more: object) => broker(machine({ context: { services: new Map([[services.nativeBroker, more]]) } }));
  expect(await found({ available: true, reason: "The broker of this system is X." })).toMatchObject([{ state: "ok" }]);
  expect(await found({ available: false, reason: "It is not installed.", remedy: "Install it." })).toMatchObject([
    { state: "skipped", remedy: "Install it." },
  ]);
});
