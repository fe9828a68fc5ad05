import {
  defineOptions,
  definePlugin,
  defineSource,
  type HomeTenant,
  homeTenantOf,
  type IdentityPlugin,
  type OutcomeCode,
  outcomeError,
  type SourceContext,
  services,
  type TokenRequest,
  type TokenStore,
} from "../../src/plugin.ts";
import { defineTokenStore } from "../../src/store/define-token-store.ts";
import type { FakeClock } from "../../src/testing.ts";
import type { Gate } from "./gate.ts";
import type { Principal } from "./model.ts";
import type { Acquisition, Payload, Records } from "./records.ts";
import { canonical, idOf } from "./tenants.ts";
import type { World } from "./world.ts";

/** What the sources of a sequence work with. */
export interface Bench {
  readonly clock: FakeClock;
  readonly world: World;
  readonly gate: Gate;
  readonly records: Records;
  readonly store: TokenStore;
}

const hourMs = 3_600_000;
const empty = { tenant: "", client: "", authority: "", profile: "", user: "", account: "" };

/** A token that says for whom it speaks and what it was asked for. */
export function issue(
  { clock, records, world }: Bench,
  acquisition: Acquisition,
  part: Pick<Principal, "source"> & Partial<Principal>,
  wanted: Omit<Payload, "acquisition" | "principal">,
) {
  const principal: Principal = { ...empty, ...part };
  const payload = { acquisition: acquisition.id, principal, ...wanted };
  const outcome = world.now.failure as OutcomeCode | undefined;
  if (outcome !== undefined)
    throw outcomeError(outcome, records.fail({ ...payload, outcome }), { retryAfterMs: 60_000 });
  const { client: appid, user: oid, account: upn } = principal;
  return records.end(acquisition, {
    token: `e30.${Buffer.from(JSON.stringify({ tid: idOf(principal.tenant), appid, oid, upn, payload })).toString("base64url")}.`,
    expiresOnTimestamp: clock.now() + hourMs,
    refreshAfterTimestamp: clock.now() + hourMs / 2,
    tokenType: wanted.nonce === undefined ? ("Bearer" as const) : ("pop" as const),
  });
}

const wantedOf = (request: TokenRequest) => ({
  scope: request.scopes.join(" "),
  cae: request.enableCae,
  claims: request.claims,
  nonce: request.proofOfPossession?.nonce,
});

/** The options as a source gets them: references looked up. */
interface Read {
  readonly clientId?: string;
  readonly tenantId?: string;
  readonly authority?: string;
  readonly certificate?: string;
  readonly extra?: { readonly profile?: string };
}

const text = { type: "string", description: "A text." } as const;
const options = defineOptions({
  clientId: text,
  tenantId: text,
  authority: text,
  certificate: text,
  extra: { type: "object", fields: { profile: text }, description: "More." },
});

const ofApplications: HomeTenant<Read> = { variables: ["AZURE_TENANT_ID"] };
const ofUsers: HomeTenant<Read> = {};

/** For whom an application speaks. */
const applicationOf = (read: Read, context: SourceContext, request: TokenRequest, home = ofApplications) => ({
  tenant: canonical(request.tenantId ?? homeTenantOf(home, read, context) ?? "none"),
  client: read.clientId ?? "app",
  authority: read.authority ?? context.cloud.authorityHost,
  profile: read.extra?.profile ?? "",
  user: request.userAssertion ?? "",
});

/** An application in a tenant of its own, for itself or for users; proves possession. */
function checked(bench: Bench) {
  return defineSource<"checked", Read>({
    name: "checked",
    kind: "deployed",
    tenantPolicy: "allow-list",
    supports: ["user-assertion", "proof-of-possession"],
    options,
    homeTenant: ofApplications,
    subject: ({ clientId, authority, extra }) => JSON.stringify([clientId ?? "app", authority, extra?.profile]),
    async create(read, context) {
      await bench.gate.pass("create");
      return {
        async getToken(request) {
          const principal = { source: "checked", ...applicationOf(read, context, request) };
          const proof = { ...principal, certificate: read.certificate ?? "" };
          const acquisition = bench.records.begin("checked", request.background, proof);
          await bench.gate.pass("answer");
          return issue(bench, acquisition, principal, wantedOf(request));
        },
      };
    },
  });
}

/**
 * The options that `federated` passes to the source of its proof, with references of both kinds.
 */
function innerOptions({ clientId = "app", extra }: Read, world: World) {
  const [env, file] = [(name: string) => ({ env: name }), (name: string) => ({ file: world.path(name) })];
  const [first, second] = extra?.profile === "p2" ? [file, env] : [env, file];
  return { clientId: `proof-of-${clientId}`, tenantId: first("T"), certificate: first("K"), authority: second("A") };
}

/**
 * The same, proving itself by the token of another application, whose options it hands on in one
 * object of its own.
 */
function federated(bench: Bench) {
  const { gate, records, world } = bench;
  return defineSource<"federated", Read>({
    ...checked(bench),
    name: "federated",
    async create(read, context) {
      await gate.pass("create");
      const lookup = await context.service(services.sourceLookup);
      const inner: Record<string, unknown> = {};
      return {
        async getToken(request) {
          const principal = { source: "federated", ...applicationOf(read, context, request) };
          const proof = { ...principal, certificate: read.certificate ?? "" };
          const acquisition = records.begin("federated", request.background, proof);
          const given = innerOptions(read, world);
          Object.assign(inner, given);
          const { process } = records.current;
          const key = `${process.id} for sources ${JSON.stringify(given)}`;
          const wanted = { ...request, tenantId: undefined, proofOfPossession: undefined };
          const asked = { ...wantedOf(wanted), tenant: undefined, user: request.userAssertion };
          const call = { title: key, process, links: [{ key, source: "checked", given }], asked, isExplain: false };
          const { result } = records.call(call, async () => {
            const found = lookup?.credential("checked", inner);
            inner.clientId = "changed-after-the-call";
            return found?.getToken(wanted);
          });
          await result;
          await gate.pass("answer");
          return issue(bench, acquisition, principal, wantedOf(request));
        },
      };
    },
  });
}

/** A program in which an account is signed in, and another one may be by the next call. */
function tool({ gate, world, records, ...bench }: Bench, readsLate: boolean) {
  return defineSource<"tool", Read>({
    name: "tool",
    kind: "developer",
    tenantPolicy: "any",
    options,
    homeTenant: ofUsers,
    subject: (read, context) => JSON.stringify([homeTenantOf(ofUsers, read, context), read.extra?.profile]),
    accountState() {
      if (world.now.readable === undefined) throw new Error("The file of the tool cannot be read.");
      return JSON.stringify([world.now.account, world.now.sessions]);
    },
    async create(read, context) {
      await gate.pass("create");
      return {
        async getToken(request) {
          const acquisition = records.begin("tool", request.background);
          const early = world.now.account;
          await gate.pass("answer");
          const account = readsLate ? world.now.account : early;
          if (account === undefined) throw outcomeError("not-signed-in", "No account is signed in to the tool.");
          const tenant = canonical(request.tenantId ?? homeTenantOf(ofUsers, read, context) ?? "none");
          const principal = { source: "tool", tenant, profile: read.extra?.profile ?? "", account };
          return issue({ ...bench, gate, world, records }, acquisition, principal, wantedOf(request));
        },
      };
    },
  });
}

/**
 * A program in which people sign in, one after the other; core hears of it when a token is another
 * account's.
 */
function person(bench: Bench) {
  const { gate, world, records } = bench;
  return defineSource<"person", Read>({
    name: "person",
    kind: "interactive",
    tenantPolicy: "allow-list",
    options,
    homeTenant: ofUsers,
    subject: ({ clientId, authority, extra }) => JSON.stringify([clientId ?? "app", authority, extra?.profile]),
    async create(read, context) {
      await gate.pass("create");
      return {
        account: async () => world.now.person,
        async authenticate() {
          await gate.pass("answer");
          const next = `person-${world.version}`;
          world.change("person", next);
          return { authority: "a", homeAccountId: next, clientId: "app", tenantId: "t1", username: next };
        },
        async getToken(request) {
          const acquisition = records.begin("person", request.background);
          const account = world.now.person as string;
          await gate.pass("answer");
          const principal = { source: "person", ...applicationOf(read, context, request, ofUsers), account };
          return { ...issue(bench, acquisition, principal, wantedOf(request)), account };
        },
      };
    },
  });
}

/** A host whose tenant is fixed; options choose one of its identities. */
function platform(bench: Bench) {
  return defineSource<"platform", Read>({
    name: "platform",
    kind: "deployed",
    tenantPolicy: "fixed",
    options,
    subject: ({ clientId }) => JSON.stringify([clientId ?? "app"]),
    async create(read) {
      await bench.gate.pass("create");
      return {
        async getToken(request) {
          const acquisition = bench.records.begin("platform", request.background);
          await bench.gate.pass("answer");
          const principal = { source: "platform", tenant: "host", client: read.clientId ?? "app" };
          return issue(bench, acquisition, principal, wantedOf(request));
        },
      };
    },
  });
}

const throughGate = (store: TokenStore, gate: Gate): TokenStore => ({
  ...store,
  lease: (key, ms) => gate.pass("lease").then(() => store.lease?.(key, ms)),
  get: (key) => gate.pass("store").then(() => store.get(key)),
  set: (...entry) => gate.pass("store").then(() => store.set(...entry)),
  delete: (key) => gate.pass("store").then(() => store.delete(key)),
});

/**
 * The sources of this test, with or without the store. `readsLate`: the tool reads its account when
 * it answers; `inTurn`: it answers one question after the other.
 */
export function createPlugin(
  bench: Bench,
  { stored, readsLate, inTurn }: { readonly stored: boolean; readonly readsLate: boolean; readonly inTurn: boolean },
): IdentityPlugin {
  const turns = inTurn ? { maxConcurrency: 1 } : {};
  const create = () => throughGate(bench.store, bench.gate);
  return definePlugin({
    name: "plugin-of-the-test",
    sources: [
      checked(bench),
      federated(bench),
      { ...tool(bench, readsLate), ...turns },
      platform(bench),
      person(bench),
    ],
    services: stored ? [defineTokenStore({ name: "shared", create })] : [],
  });
}
