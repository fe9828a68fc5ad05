/**
 * A process can have both builds of the packages: its own code imports the ES modules, and a
 * library requires CommonJS, where Node.js is older than 22.12 or the program runs in Jest.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type * as Core from "../packages/core/dist/index.js";
import type { IdentityPlugin } from "../packages/core/dist/index.js";

const require = createRequire(import.meta.url);
const built = (name: string, ending: string) => join(import.meta.dirname, "../packages", name, `dist/index.${ending}`);

interface Copy {
  readonly core: typeof Core;
  readonly entra: IdentityPlugin;
  readonly cachePersist: IdentityPlugin;
}

const commonJs: Copy = {
  core: require(built("core", "cjs")),
  entra: require(built("plugin-entra", "cjs")).default,
  cachePersist: require(built("plugin-cache-persist", "cjs")).default,
};
const esm: Copy = {
  core: await import(built("core", "js")),
  entra: (await import(built("plugin-entra", "js"))).default,
  cachePersist: (await import(built("plugin-cache-persist", "js"))).default,
};
const pairs = [
  { title: "ES modules", copy: esm, other: commonJs },
  { title: "CommonJS", copy: commonJs, other: esm },
] as const;

const scope = "https://storage.azure.com/.default";
let emulator: Emulator;
/** What all identities here have in their config. */
const common = () =>
  ({ config: false, http: { caFile: emulator.env("service-principal").NODE_EXTRA_CA_CERTS } }) as const;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator?.close());

it("The two builds are two copies, so these tests show what they say", () => {
  expect(esm.core.createIdentity).not.toBe(commonJs.core.createIdentity);
  expect(esm.entra).not.toBe(commonJs.entra);
});

it.each(pairs)("core as $title gets a token through a plugin of the other build", async ({ copy, other }) => {
  const env = emulator.env("service-principal");
  const identity = copy.core.createIdentity({ ...common(), plugins: [other.entra] }, { env });
  onTestFinished(() => identity.close());
  await identity.getToken(scope);
  expect(identity.explain.last?.principal).toMatchObject({ clientId: emulator.application.clientId });
});

it.each(pairs)("core as $title recognizes errors that the other build threw", async ({ copy, other }) => {
  const env = { ...emulator.env("service-principal"), AZURE_CLIENT_SECRET: "wrong" };
  const identity = other.core.createIdentity({ ...common(), plugins: [other.entra] }, { env });
  onTestFinished(() => identity.close());
  const error = await identity.getToken(scope).catch((thrown: unknown) => thrown);
  expect(copy.core.isIdentityError(error)).toBe(true);
  expect(error).toMatchObject({ outcome: "rejected" });
});

it.each(pairs)("core as $title reads what a store of the other build has written", async ({ copy, other }) => {
  const directory = await mkdtemp(join(tmpdir(), "two-copies-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const env = emulator.env("service-principal");
  const cache = { store: "file", directory, key: "ab".repeat(32) };
  const tokenOf = async ({ core }: Copy, plugins: readonly IdentityPlugin[]) => {
    const identity = core.createIdentity({ ...common(), plugins, cache } as never, { env });
    return identity.getToken(scope).finally(() => identity.close());
  };
  const written = await tokenOf(other, [copy.entra, other.cachePersist]);
  const read = await tokenOf(copy, [other.entra, other.cachePersist]);
  expect(read.token).toBe(written.token);
});
