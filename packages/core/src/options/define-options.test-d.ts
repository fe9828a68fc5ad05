import { expectTypeOf } from "vitest";
import type { AnySource } from "../contract/services.ts";
import type { Credential, CredentialSource, OptionsSchema } from "../contract/source.ts";
import { defineOptions, definePlugin, defineSource } from "./define-options.ts";

type OptionsOf<S> = S extends OptionsSchema<infer O> ? O : never;
declare const credential: Credential;

const schema = defineOptions({
  required: { type: "string", required: true },
  optional: { type: "number" },
  nullable: { type: "string", nullable: true },
  word: { type: "string", enum: ["a", "b"] },
  flag: { type: "boolean", required: true },
  list: { type: "array", items: { type: "string" } },
  map: { type: "record", values: { type: "number" } },
  inner: { type: "object", fields: { deep: { type: "string", required: true } } },
  either: { type: "union", of: [{ type: "string" }, { type: "boolean" }] },
  make: { type: "function", as: {} as () => Promise<string> },
});
type Options = OptionsOf<typeof schema>;

expectTypeOf<Options["required"]>().toEqualTypeOf<string>();
expectTypeOf<Options["optional"]>().toEqualTypeOf<number | undefined>();
expectTypeOf<Options["nullable"]>().toEqualTypeOf<string | null | undefined>();
expectTypeOf<Options["word"]>().toEqualTypeOf<"a" | "b" | undefined>();
expectTypeOf<Options["flag"]>().toEqualTypeOf<boolean>();
expectTypeOf<Options["list"]>().toEqualTypeOf<readonly string[] | undefined>();
expectTypeOf<Options["map"]>().toEqualTypeOf<Readonly<Record<string, number>> | undefined>();
expectTypeOf<NonNullable<Options["inner"]>["deep"]>().toEqualTypeOf<string>();
expectTypeOf<Options["either"]>().toEqualTypeOf<string | boolean | undefined>();
expectTypeOf<Options["make"]>().toEqualTypeOf<(() => Promise<string>) | undefined>();

// required options have to be there, the others need not
expectTypeOf<{ required: string; flag: boolean }>().toExtend<Options>();
expectTypeOf<{ flag: boolean }>().not.toExtend<Options>();
// @ts-expect-error: there is no such type
defineOptions({ a: { type: "text" } });
// @ts-expect-error: a field cannot say this; as a typo of `secret` it would let the value be shown
defineOptions({ a: { type: "string", secrt: true } });
// @ts-expect-error: nor can the field of an object
defineOptions({ a: { type: "object", fields: { b: { type: "string", requird: true } } } });
// @ts-expect-error: nor can the items of a list
defineOptions({ a: { type: "array", items: { type: "string", secrt: true } } });

// @ts-expect-error: a plugin has `sources`
definePlugin({ name: "p", source: [] });
definePlugin({ name: "p", contract: 1, sources: [], services: [] });

// a source sees the options that it has described
const source = defineSource({
  name: "mine",
  kind: "deployed",
  tenantPolicy: "any",
  options: schema,
  subject: (options) => {
    expectTypeOf(options).toEqualTypeOf<Options>();
    return options.required;
  },
  create: (options) => {
    expectTypeOf(options.word).toEqualTypeOf<"a" | "b" | undefined>();
    return credential;
  },
});
expectTypeOf(source).toEqualTypeOf<CredentialSource<"mine", Options>>();
expectTypeOf(source).toExtend<AnySource>();

// the description alone decides, not what its functions happen to read
const reading = defineSource({
  name: "reading",
  kind: "deployed",
  tenantPolicy: "any",
  options: schema,
  subject: ({ required }: { readonly required: string }) => required,
  create: () => credential,
});
expectTypeOf(reading).toEqualTypeOf<CredentialSource<"reading", Options>>();

defineSource({
  name: "bare",
  kind: "developer",
  tenantPolicy: "any",
  // @ts-expect-error: a source that describes no options has none
  subject: (options) => options.tenantId,
  create: () => credential,
});
// @ts-expect-error: the kind is wrong
defineSource({ name: "wrong", kind: "magic", tenantPolicy: "any", subject: () => "", create: () => credential });
