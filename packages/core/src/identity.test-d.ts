import { expectTypeOf } from "vitest";
import { defineConfig } from "./config/define.ts";
import type { PluginInput } from "./config/source-types.ts";
import type { AnySource, IdentityPlugin } from "./contract/services.ts";
import type { CredentialSource } from "./contract/source.ts";
import type { TokenCredentialLike } from "./contract/token.ts";
import { createIdentity } from "./identity.ts";
import { defineOptions, definePlugin, defineSource } from "./options/define-options.ts";
import type { ExplainedCredential } from "./runtime/credential.ts";
import type { Identity } from "./runtime/identity.ts";
import type { SourceCredential } from "./runtime/source-credential.ts";

const common = {
  kind: "deployed",
  tenantPolicy: "any",
  subject: () => "me",
  create: () => ({ getToken: fail }),
} as const;
declare function fail(): never;
declare const credential: TokenCredentialLike;
declare class Client {
  send(text: string): void;
}

const secret = defineSource({
  ...common,
  name: "my-secret",
  options: defineOptions({
    tenantId: { type: "string", required: true },
    clientSecret: { type: "string", secret: true },
    certificates: { type: "array", items: { type: "string" } },
    page: { type: "object", fields: { title: { type: "string" } } },
    client: { type: "any", as: {} as Client },
    onPrompt: { type: "function", as: {} as (text: string) => void },
    retries: { type: "number" },
  }),
});
const plain = defineSource({ ...common, name: "my-plain" });
const plugin = definePlugin({ name: "mine", sources: [secret, plain] });
/** Of another author, with a source of any options. */
const theirs = definePlugin({ name: "theirs", sources: [{ ...common, name: "vault" } as CredentialSource<"vault">] });
const store = definePlugin({ name: "store", services: [] });
const identity = createIdentity({ plugins: [plugin, theirs, store] });

// names and options come from the plugins
expectTypeOf(identity.credential("my-secret", { tenantId: "t", retries: 3 })).toEqualTypeOf<SourceCredential>();
identity.credential("my-secret");
identity.credential("my-plain");
identity.credential("my-plain", {});
identity.credential("vault", { address: "https://vault.example" });
expectTypeOf(identity.check("my-secret", { tenantId: "t" })).toEqualTypeOf<void>();
// @ts-expect-error: the name of the option is wrong
identity.check("my-secret", { tenantid: "t" });
const entries = ["my-plain", { source: "my-secret", options: { tenantId: "t" } }, credential] as const;
expectTypeOf(identity.chain(entries)).toEqualTypeOf<ExplainedCredential>();
identity.chain([
  "my-plain",
  { source: "my-plain" },
  { source: "vault", options: { address: "a" } },
  { credential, subject: "s" },
]);
identity.chain("a chain of the config");
// @ts-expect-error: the name is wrong
identity.credential("my-secrt");
// @ts-expect-error: the name of the option is wrong
identity.credential("my-secret", { tenantid: "t" });
// @ts-expect-error: the type of the option is wrong
identity.credential("my-secret", { retries: "3" });
// @ts-expect-error: the source has no options
identity.credential("my-plain", { tenantId: "t" });
// @ts-expect-error: options are an object
identity.credential("vault", "https://vault.example");
// @ts-expect-error: the name in a chain is wrong
identity.chain(["my-secrt"]);
// @ts-expect-error: the name of an entry with options is wrong
identity.chain([{ source: "my-secrt" }]);
// @ts-expect-error: the option of an entry is wrong
identity.chain([{ source: "my-secret", options: { tenantid: "t" } }]);
// @ts-expect-error: the type of an entry's option is wrong
identity.chain([{ source: "my-secret", options: { retries: "3" } }]);
// @ts-expect-error: the source of an entry has no options
identity.chain([{ source: "my-plain", options: { tenantId: "t" } }]);

// a reference stands in the place of any text, and of nothing else
identity.credential("my-secret", { tenantId: { env: "TENANT" }, clientSecret: { file: "secret" } });
identity.credential("my-secret", { certificates: ["pem", { file: "app.pem" }], page: { title: { env: "TITLE" } } });
identity.credential("my-secret", { client: new Client(), onPrompt: (text) => text.trim() });
identity.chain([{ source: "my-secret", options: { clientSecret: { env: "SECRET" } } }]);
// @ts-expect-error: a number is no text
identity.credential("my-secret", { retries: { env: "RETRIES" } });
// @ts-expect-error: an object is no text
identity.credential("my-secret", { client: { env: "CLIENT" } });
// @ts-expect-error: there is no such reference
identity.credential("my-secret", { clientSecret: { variable: "SECRET" } });
// @ts-expect-error: a reference names one thing
identity.credential("my-secret", { clientSecret: { env: 5 } });

// a config brings its plugins along
const config = defineConfig({ plugins: [plugin], chain: ["my-secret"] });
const configured = createIdentity(config);
expectTypeOf(configured).toEqualTypeOf<Identity<readonly [typeof plugin]>>();
configured.credential("my-secret", { tenantId: "t" });
// @ts-expect-error: the name is wrong
configured.credential("my-secrt");
// @ts-expect-error: the option of a config's chain is wrong
createIdentity({ plugins: [plugin], chain: [{ source: "my-secret", options: { tenantid: "t" } }] });
// @ts-expect-error: the source of a config's chain has no options
defineConfig({ plugins: [plugin], chain: [{ source: "my-plain", options: { tenantId: "t" } }] });
// @ts-expect-error: nor has it any under `sources`
defineConfig({ plugins: [plugin], sources: { "my-plain": { tenantId: "t" } } });

// without plugins there are no sources
// @ts-expect-error: there is none of this name
createIdentity({ plugins: [] }).credential("my-secret");

// where plugins are given by name, or are found in the project, any name is allowed
createIdentity().credential("anything", { any: 1 });
createIdentity({ config: false }).chain([{ source: "anything", options: { any: 1 } }, "other"]);
createIdentity({ plugins: ["@azidentity/plugin-entra"] }).credential("client-secret", { any: 1 });
const mixed = createIdentity({
  plugins: [plugin, "other"],
  chain: [{ source: "anything", options: { any: 1 } }],
  sources: { anything: { any: 1, priority: 1 } },
});
mixed.credential("anything", { any: 1 });
mixed.credential("my-secret", { tenantId: "t" });
mixed.chain(["anything", { source: "anything", options: { any: 1 } }]);
// @ts-expect-error: options of a plugin that is given as a value are known all the same
mixed.credential("my-secret", { tenantid: "t" });
// @ts-expect-error: an entry is a name, a name with options, or a credential
mixed.chain([5]);

// plugins of unknown contents allow any name too
declare const some: readonly PluginInput[];
declare const unknownPlugin: IdentityPlugin;
declare const unknownSource: AnySource;
interface GivenOptions {
  readonly any: number;
}
declare const given: GivenOptions;
createIdentity({ plugins: some }).credential("anything", given);
createIdentity({ plugins: [unknownPlugin] }).credential("anything", given);
createIdentity({ plugins: [definePlugin({ name: "p", sources: [unknownSource, plain] })] }).credential(
  "anything",
  given,
);

// an identity whose names are known is an identity, for functions that take any; names may then be
// of run time
declare function use(anyIdentity: Identity): void;
declare const name: string;
use(identity);
use(createIdentity());
// @ts-expect-error: a text of run time may be wrong
identity.credential(name);
(identity satisfies Identity as Identity).credential(name, given);

createIdentity({ defaults: { tenantId: "t" } });
// @ts-expect-error: defaults have no profiles
createIdentity({ defaults: { profiles: { work: { tenantId: "t" } } } });
// @ts-expect-error: defaults choose no profile
createIdentity({ defaults: { profile: "work" } });

// settings of an identity that comes from another one
expectTypeOf(identity.with({ tenantId: "t", sources: { "my-secret": { retries: 3 } } })).toEqualTypeOf<
  typeof identity
>();
identity.with({ chain: ["my-plain"] }, { http: (next) => next, env: { AZURE_CLIENT_ID: undefined } });
// @ts-expect-error: the name in a chain is wrong
identity.with({ chain: ["my-secrt"] });
// @ts-expect-error: the mode is that of the whole program
identity.with({ mode: "production" });
// @ts-expect-error: the clock is shared
identity.with({}, { clock: { now: Date.now } });
