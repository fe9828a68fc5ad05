import fc from "fast-check";
import type { ConfigSpec, EntrySpec, Feature, Field, Setup, SourceName, ValueSpec, Way } from "./steps.ts";
import { tenantNames } from "./tenants.ts";

export const rarely = fc.constantFrom(false, false, false, true);
export const tenant = fc.constantFrom(...tenantNames);
const client = fc.constantFrom("c1", "c2", "c3");
export const maybe = <T>(arb: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> =>
  fc.option(arb, { nil: undefined, freq });
const texts = (arb: fc.Arbitrary<string>) => arb.map((text): ValueSpec => ({ text }));
const refer = (name: string) => fc.constantFrom<ValueSpec>({ env: name }, { env: name }, { file: name });
export const values: Readonly<Record<Field, fc.Arbitrary<ValueSpec>>> = {
  clientId: fc.oneof(texts(client), refer("C")),
  tenantId: fc.oneof(texts(tenant), refer("T"), refer("T")),
  authority: fc.oneof(texts(fc.constantFrom("https://a.test", "https://b.test")), refer("A")),
  certificate: fc.oneof(texts(fc.constantFrom("k1", "k2")), refer("K"), refer("K")),
  profile: fc.oneof(texts(fc.constantFrom("p1", "p2")), refer("P")),
};
const optionsSpec = fc.record(values, { requiredKeys: [] });
/** A place in a list, the first one more often. */
export const place = fc.constantFrom(0, 0, 0, 1, 1, 2);
const source = fc.constantFrom<SourceName>(
  "checked",
  "checked",
  "checked",
  "tool",
  "tool",
  "platform",
  "federated",
  "person",
);
const entry: fc.Arbitrary<EntrySpec> = fc.oneof(
  fc.record({ source, object: maybe(place) }),
  fc.record({ foreign: place }),
);
export const config: fc.Arbitrary<ConfigSpec> = fc.record({
  tenantId: maybe(values.tenantId),
  authority: maybe(fc.constantFrom("https://a.test", "https://b.test")),
  allowsAll: fc.constantFrom(true, true, true, false),
  settings: maybe(place),
  chain: entry,
});

const toolFirst = fc.record({ object: maybe(place), second: fc.constantFrom<SourceName>("checked", "platform") });
/** Ways to a credential, by their kind. */
export const ways = {
  identity: fc.constant<Way>({ way: "identity" }),
  /** Of any source, mostly with options. */
  credential: fc.record({ way: fc.constant("credential" as const), source, object: maybe(place, 6) }),
  /** Of sources whose options are references. */
  rotating: fc.record({
    way: fc.constant("credential" as const),
    source: fc.constantFrom<SourceName>("checked", "checked", "tool", "person", "federated"),
    object: fc.constant(0),
  }),
  application: fc.constant<Way>({ way: "credential", source: "checked" }),
  tool: fc.constantFrom<Way>(
    { way: "credential", source: "tool" },
    { way: "chain", entries: [{ source: "tool" }] },
    { way: "chain", entries: [{ source: "tool" }, { source: "platform" }] },
  ),
  entry: entry.map((one): Way => ({ way: "chain", entries: [one] })),
  foreign: place.map((foreign): Way => ({ way: "chain", entries: [{ foreign }] })),
  toolFirst: toolFirst.map(
    ({ object, second }): Way => ({ way: "chain", entries: [{ source: "tool", object }, { source: second }] }),
  ),
} satisfies Readonly<Record<string, fc.Arbitrary<Way>>>;

const allFeatures: readonly Feature[] = ["tenants", "users", "cae", "claims", "nonces", "scopes", "explain", "aborts"];

/**
 * What there is before the first step: calls use these features for sure, and others rarely if
 * `more`.
 */
export const setupOf = (
  way: fc.Arbitrary<Way>,
  features: readonly Feature[],
  more: boolean,
  stored: fc.Arbitrary<boolean>,
): fc.Arbitrary<Setup> =>
  fc.record({
    stored,
    readsLate: fc.boolean(),
    inTurn: rarely,
    maxEntries: fc.constantFrom(undefined, undefined, undefined, 1),
    machines: fc.tuple(
      ...[0, 1].map(() =>
        fc.record({ AZURE_TENANT_ID: maybe(tenant), oneTenant: fc.constantFrom(false, false, true) }),
      ),
    ),
    objects: fc.tuple(
      fc.tuple(optionsSpec, refer("T")).map(([spec, tenantId]) => ({ ...spec, tenantId })),
      optionsSpec,
      optionsSpec,
    ),
    foreigns: fc.tuple(
      ...[0, 1, 2].map(() => fc.record({ tenant, client, broken: fc.boolean(), isPlain: fc.boolean() })),
    ),
    configs: fc.tuple(config, config),
    ways: fc.oneof(fc.tuple(way), fc.tuple(way, way), fc.tuple(way, way, way)),
    uses: fc.record(
      Object.fromEntries(
        allFeatures.map((one) => [
          one,
          features.includes(one) ? fc.constant(true) : more ? rarely : fc.constant(false),
        ]),
      ) as Record<Feature, fc.Arbitrary<boolean>>,
    ),
  });
