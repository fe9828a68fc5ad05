import fc from "fast-check";
import type { Stage } from "./gate.ts";
import { config, maybe, place, rarely, setupOf, tenant, values, ways } from "./setups.ts";
import type { ConfigSpec, Feature, Field, Setup, Step, Way } from "./steps.ts";
import { tenantNames } from "./tenants.ts";

const ask: fc.Arbitrary<Step> = fc.record({
  step: fc.constant("ask" as const),
  process: place,
  way: place,
  reuse: fc.boolean(),
  later: fc.constantFrom(false, false, false, false, false, false, true),
  scope: fc.constantFrom("s1", "s2"),
  inArray: fc.boolean(),
  explain: rarely,
  tenant: maybe(tenant),
  user: maybe(fc.constantFrom("user-1", "user-2")),
  cae: fc.boolean(),
  claims: maybe(fc.constant('{"access_token":{}}')),
  nonce: maybe(fc.constantFrom("n1", "n2")),
  abortable: fc.constantFrom(false, false, true),
});

/** Facts that change together, with the values that they take. A fact without value is missing. */
const facts = {
  tenants: [["env0.T", "env0.T", "env0.T", "file.T", "env1.T"], tenantNames],
  clients: [
    ["env0.C", "env1.C", "file.C"],
    ["c1", "c2", "c3"],
  ],
  authorities: [
    ["env0.A", "env0.A", "env1.A", "file.A"],
    ["https://a.test", "https://b.test"],
  ],
  certificates: [
    ["env0.K", "env0.K", "env1.K", "file.K"],
    ["k1", "k2", "k3"],
  ],
  profiles: [
    ["env0.P", "env1.P", "file.P"],
    ["p1", "p2"],
  ],
  missing: [["env0.T", "env0.C", "env0.K", "file.T"], [undefined]],
  defaults: [["env0.AZURE_TENANT_ID", "env1.AZURE_TENANT_ID"], tenantNames],
  accounts: [["account"], ["ann", "bob", "ann", "bob", "eve", undefined]],
  unreadable: [["readable"], ["yes", undefined]],
  people: [["person"], ["pia", "per", "pat"]],
  failures: [["failure"], ["throttled", "throttled", "unreachable", "not-signed-in", undefined, undefined]],
} as const satisfies Readonly<Record<string, readonly [readonly string[], readonly (string | undefined)[]]>>;
type FactGroup = keyof typeof facts;

const fact = (group: FactGroup): fc.Arbitrary<Step> => {
  const [names, texts] = facts[group];
  const change = fc.record({ fact: fc.constantFrom(...names), value: fc.constantFrom(...texts) });
  return change.map((one) => ({ step: "world" as const, ...one }));
};

const mutate: fc.Arbitrary<Step> = fc
  .constantFrom<Field>("clientId", "tenantId", "authority", "certificate", "profile")
  .chain((field) =>
    fc.record({
      step: fc.constant("mutate" as const),
      object: place,
      field: fc.constant(field),
      value: maybe(values[field], 4),
    }),
  );

const stage = fc.constantFrom<Stage>("create", "answer", "answer", "store", "lease");

const process = fc.record({ step: fc.constant("process" as const), config: place, machine: place, lazy: fc.boolean() });

const configure = config.chain((whole) =>
  fc
    .subarray(Object.keys(whole) as (keyof ConfigSpec)[], { minLength: 1 })
    .map((keys) => Object.fromEntries(keys.map((key) => [key, whole[key]])))
    .chain((change) => place.map((at): Step => ({ step: "configure", config: at, change }))),
);

/** Kinds of steps that a theme weighs. */
const kinds = {
  ask,
  mutate,
  process,
  configure,
  "sign in": fc.record({ step: fc.constant("sign in" as const), process: place, way: place }),
  close: stage.map((one): Step => ({ step: "close", stage: one })),
  hold: fc.constant<Step>({ step: "close", stage: "answer" }),
  open: stage.map((one): Step => ({ step: "open", stage: one })),
  release: fc.record({ step: fc.constant("release" as const), which: fc.nat({ max: 5 }) }),
  abort: fc.record({ step: fc.constant("abort" as const), which: fc.nat({ max: 5 }) }),
  pass: fc.constantFrom(1, 29, 31, 59, 61).map((minutes): Step => ({ step: "pass", minutes })),
} satisfies Readonly<Record<string, fc.Arbitrary<Step>>>;

type Weights<K extends string> = { readonly [Name in K]?: number };

/**
 * What a sequence is about. With everything at once hardly any two calls would have to do with each
 * other.
 */
interface Theme {
  readonly way: fc.Arbitrary<Way>;
  /** What all its calls use. */
  readonly uses: readonly Feature[];
  /** Whether calls may use the rest, too. */
  readonly more?: boolean;
  readonly stored?: boolean;
  readonly steps: Weights<keyof typeof kinds>;
  readonly facts: Weights<FactGroup>;
}

const themes: Readonly<Record<string, Theme>> = {
  everything: {
    way: fc.oneof(...Object.values(ways)),
    uses: ["tenants", "scopes"],
    more: true,
    steps: {
      ask: 14,
      mutate: 2,
      process: 1,
      configure: 1,
      "sign in": 1,
      close: 3,
      open: 2,
      release: 4,
      abort: 1,
      pass: 1,
    },
    facts: {
      tenants: 2,
      clients: 1,
      authorities: 1,
      certificates: 1,
      profiles: 1,
      missing: 1,
      defaults: 1,
      accounts: 1,
      unreadable: 1,
      people: 1,
      failures: 1,
    },
  },
  "a tenant rotates": {
    way: ways.rotating,
    uses: ["tenants", "scopes"],
    steps: { ask: 12, hold: 1, open: 1, release: 2, pass: 1 },
    facts: { tenants: 4, clients: 1 },
  },
  "the options of an application rotate": {
    way: ways.rotating,
    uses: ["scopes"],
    more: true,
    steps: { ask: 12, hold: 1, close: 1, open: 1, release: 3, pass: 1 },
    facts: { clients: 1, authorities: 2, certificates: 2, profiles: 2, missing: 1 },
  },
  "a tenant rotates in the middle of calls": {
    way: fc.oneof(ways.rotating, ways.entry),
    uses: ["scopes"],
    more: true,
    steps: { ask: 10, close: 3, open: 1, release: 4, abort: 1 },
    facts: { tenants: 4, missing: 1 },
  },
  "a tool changes its account": {
    way: ways.tool,
    uses: [],
    more: true,
    steps: { ask: 10, hold: 2, open: 1, release: 4, pass: 1 },
    facts: { accounts: 5, unreadable: 1 },
  },
  "an application acts for users": {
    way: fc.oneof(ways.application, ways.rotating),
    uses: ["users", "tenants"],
    more: true,
    steps: { ask: 12, process: 1, hold: 1, release: 2, pass: 1 },
    facts: { tenants: 1 },
  },
  "callers change their objects": {
    way: fc.oneof(ways.credential, ways.entry, ways.identity),
    uses: [],
    steps: { ask: 12, mutate: 6, configure: 2, process: 2, hold: 1, release: 1 },
    facts: { tenants: 1 },
  },
  "objects of other libraries": {
    way: fc.oneof(ways.foreign, ways.identity),
    uses: ["tenants"],
    more: true,
    steps: { ask: 12, process: 2, configure: 1, hold: 1, release: 2, pass: 1 },
    facts: { defaults: 1 },
  },
  "processes share a store": {
    way: fc.oneof(ways.application, ways.rotating, ways.identity, ways.tool),
    uses: [],
    more: true,
    stored: true,
    steps: { ask: 12, process: 3, configure: 1, "sign in": 1, close: 1, open: 1, release: 2, pass: 1 },
    facts: { tenants: 2, people: 1, accounts: 1 },
  },
  "answers fail": {
    way: fc.oneof(ways.rotating, ways.tool),
    uses: ["scopes"],
    steps: { ask: 12, hold: 1, release: 2, pass: 1 },
    facts: { failures: 5, tenants: 4, accounts: 1 },
  },
};

function weigh<K extends string>(weights: Weights<K>, of: (name: K) => fc.Arbitrary<Step>) {
  const entries = Object.entries(weights) as [K, number][];
  return entries.map(([name, weight]) => ({ weight, arbitrary: of(name) }));
}

/** Sequences of all themes: what there is before the first step, and the steps. */
export const sequences: fc.Arbitrary<readonly [Setup, readonly Step[]]> = fc.oneof(
  ...Object.values(themes).map(({ way, uses, more = false, stored, steps, facts: groups }) => {
    const step = fc.oneof(...weigh(steps, (kind): fc.Arbitrary<Step> => kinds[kind]), ...weigh(groups, fact));
    return fc.tuple(
      setupOf(way, uses, more, stored === undefined ? fc.boolean() : fc.constant(stored)),
      fc.array(step, { minLength: 2, maxLength: 36, size: "max" }),
    );
  }),
);
