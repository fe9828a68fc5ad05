import { expectTypeOf } from "vitest";
import type { IdentityPlugin } from "../contract/services.ts";
import type { TokenCredentialLike } from "../contract/token.ts";
import { defineOptions, definePlugin, defineSource } from "../options/define-options.ts";
import { defineConfig, type IdentityConfig, type SharedSettings } from "./define.ts";
import type { configFields, sharedFields } from "./schema.ts";

const common = {
  kind: "deployed",
  tenantPolicy: "any",
  subject: () => "me",
  create: () => ({ getToken: fail }),
} as const;
declare function fail(): never;
declare const credential: TokenCredentialLike;

const secret = defineSource({
  ...common,
  name: "my-secret",
  options: defineOptions({
    tenantId: { type: "string", required: true },
    clientSecret: { type: "string", secret: true },
    retries: { type: "number" },
  }),
});
const plain = defineSource({ ...common, name: "my-plain" });
const plugin = definePlugin({ name: "mine", sources: [secret, plain] });
expectTypeOf(plugin).toExtend<IdentityPlugin>();

// names and options come from the plugins; every text may be a reference
defineConfig({
  plugins: [plugin],
  chain: ["my-secret", { source: "my-secret", options: { tenantId: "t" } }, credential],
  chains: { ci: ["my-plain"] },
  sources: {
    "my-secret": {
      tenantId: { env: "TENANT" },
      clientSecret: { file: "secret" },
      retries: 3,
      priority: 1,
      enabled: true,
    },
    "my-plain": { deadlineMs: 5 },
  },
  policy: { "my-plain": { rejected: "stop" }, developer: { unreachable: "next" } },
});

// a plugin without sources takes nothing away
const store = definePlugin({ name: "store", services: [] });
defineConfig({ plugins: [plugin, store], chain: [{ source: "my-secret", options: { tenantId: "t" } }] });
// @ts-expect-error: and adds nothing
defineConfig({ plugins: [plugin, store], chain: ["my-secrt"] });

// @ts-expect-error: the name in a chain is wrong
defineConfig({ plugins: [plugin], chain: ["my-secrt"] });
// @ts-expect-error: the name in a named chain is wrong
defineConfig({ plugins: [plugin], chains: { ci: ["my-secrt"] } });
// @ts-expect-error: the name of an entry with options is wrong
defineConfig({ plugins: [plugin], chain: [{ source: "my-secrt", options: {} }] });
// @ts-expect-error: the option of an entry is wrong
defineConfig({ plugins: [plugin], chain: [{ source: "my-secret", options: { tenantid: "t" } }] });
// @ts-expect-error: the name of the source is wrong
defineConfig({ plugins: [plugin], sources: { "my-secrt": {} } });
// @ts-expect-error: the name of the option is wrong
defineConfig({ plugins: [plugin], sources: { "my-secret": { tenantid: "t" } } });
// @ts-expect-error: the type of the option is wrong
defineConfig({ plugins: [plugin], sources: { "my-secret": { clientSecret: 5 } } });
// @ts-expect-error: a number cannot be a reference
defineConfig({ plugins: [plugin], sources: { "my-secret": { retries: { env: "RETRIES" } } } });
// @ts-expect-error: the outcome is wrong
defineConfig({ plugins: [plugin], policy: { "my-plain": { cancelled: "next" } } });
// @ts-expect-error: the mode is wrong
defineConfig({ mode: "prod" });
// @ts-expect-error: the key is wrong
defineConfig({ tenantid: "t" });

// the sources of a plugin that is given by name are not known, so any name goes
defineConfig({
  plugins: ["@azidentity/plugin-entra"],
  chain: ["client-secret"],
  sources: { "client-secret": { any: 1 } },
});
defineConfig({ plugins: [plugin, "other"], chain: ["my-secret", "anything"] });
defineConfig({ chain: ["anything"] });

// what can be written is what is checked
expectTypeOf<keyof IdentityConfig>().toEqualTypeOf<keyof typeof configFields>();
expectTypeOf<keyof SharedSettings>().toEqualTypeOf<keyof typeof sharedFields>();
