/**
 * On-behalf-of as web code does it: a credential for each request, of users of whom some come
 * again.
 */
import { createHash, hash } from "node:crypto";
import { createIdentity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import { OnBehalfOfCredential, type OnBehalfOfCredentialOptions } from "@azure/identity";
import { scope, type TokenSource } from "../contenders.ts";
import type { Group } from "../group.ts";
import { keptBy } from "../harness/heap.ts";
import { cpuTime, median } from "../harness/measure.ts";
import { atMost, timesFloor } from "../harness/row.ts";
import { makeToken } from "../instant.ts";

const tenantId = "00000000-0000-4000-8000-000000000001";
const clientId = "00000000-0000-4000-8000-000000000002";
const body = () => JSON.stringify({ token_type: "Bearer", expires_in: 86_400, access_token: makeToken() });

/** Ours, over a transport that has a token at once. */
function createWebApi() {
  let requests = 0;
  const http = {
    async send() {
      requests++;
      return { status: 200, headers: { "content-type": "application/json" }, body: body() };
    },
  };
  const cache = { maxEntries: 200_000, maxBytes: 2_000_000_000 };
  const identity = createIdentity({ config: false, plugins: [entra], cache }, { http, env: {} });
  const source = identity.credential("on-behalf-of", { tenantId, clientId, clientSecret: "secret" });
  return {
    requests: () => requests,
    serve: (assertion: string) => source.forUser(assertion).getToken(scope),
    [Symbol.asyncDispose]: () => identity.close(),
  };
}

/** The peer's credential of one user. */
function createPeer(userAssertionToken: string, onRequest = () => {}): TokenSource {
  const httpClient: OnBehalfOfCredentialOptions["httpClient"] = {
    async sendRequest(request) {
      onRequest();
      return { request, status: 200, headers: request.headers, bodyAsText: body() };
    },
  };
  const proof = { tenantId, clientId, clientSecret: "secret" };
  const options = { ...proof, userAssertionToken, disableInstanceDiscovery: true, httpClient };
  return new OnBehalfOfCredential(options);
}

/** As many users' tokens as wanted, each as long as those of Entra. */
const assertionsOf = (count: number) => Array.from({ length: count }, makeToken);

type Serve = (assertion: string) => Promise<unknown>;

async function askAll(ask: Serve, assertions: readonly string[]): Promise<void> {
  for (const one of assertions) await ask(one);
}

/** The peer with a credential for each user, all of which have their token. */
async function createPeerApi(assertions: readonly string[]) {
  const credentials = new Map(assertions.map((one) => [one, createPeer(one)]));
  const serve = async (one: string) => credentials.get(one)?.getToken(scope);
  await askAll(serve, assertions);
  return serve;
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url");

/**
 * The least that keeps users apart: hash what the request carried, look it up, check when it
 * expires.
 */
async function createFloor(assertions: readonly string[]) {
  const held = new Map<string, { readonly token: string; readonly expires: number }>();
  for (const one of assertions) held.set(hashOf(one), { token: makeToken(), expires: Date.now() + 86_400_000 });
  return async (assertion: string) => {
    const entry = held.get(hash("sha256", assertion, "base64url"));
    if (entry !== undefined && Date.now() < entry.expires) return entry;
    throw new Error("not cached");
  };
}

/**
 * Milliseconds of CPU per call, by round. Each round serves other users, each by a copy of the
 * token, as a request brings one.
 */
async function cpuTimes(contenders: Readonly<Record<string, Serve>>, assertions: readonly string[]) {
  const calls = 500;
  const times = new Map<string, number[]>();
  let next = 0;
  for (let round = -10; round < 51; round++) {
    for (const [name, serve] of Object.entries(contenders)) {
      const asked = Array.from({ length: calls }, () => {
        next = (next + 7_919) % assertions.length;
        return Buffer.from(assertions[next] ?? "").toString("latin1");
      });
      const spent = await cpuTime(() => askAll(serve, asked));
      if (round >= 0) times.set(name, [...(times.get(name) ?? []), spent / calls]);
    }
  }
  return times;
}

export const run: Group = async function* ({ quick }) {
  for (const users of quick ? [1, 1_000] : [1, 1_000, 100_000]) {
    const assertions = assertionsOf(users);
    await using api = createWebApi();
    await askAll(api.serve, assertions);
    const ours = api.serve;
    const floor = await createFloor(assertions);
    const peer = users > 1_000 ? undefined : await createPeerApi(assertions);
    const times = await cpuTimes({ ours, floor, ...(peer === undefined ? {} : { peer }) }, assertions);
    const us = (name: string) => median(times.get(name) ?? []) * 1_000;
    yield {
      figure: `CPU of a hit on behalf of ${users.toLocaleString("en-US")} users`,
      unit: "µs",
      ours: us("ours"),
      peer: peer === undefined ? "> 36,000 µs, known" : us("peer"),
      floor: us("floor"),
      ...atMost(5, us("ours"), "µs"),
    };
  }

  const users = quick ? 1_000 : 10_000;
  const assertions = assertionsOf(users);
  await using api = createWebApi();
  await api.serve("the first, so that what starts once is no cost of a user");
  const floor = new Map<string, { readonly token: string; readonly expires: number }>();
  const heap = {
    ours: (await keptBy(() => askAll(api.serve, assertions))) / users,
    floor:
      (await keptBy(async () => {
        for (const one of assertions) floor.set(hashOf(one), { token: makeToken(), expires: Date.now() + 86_400_000 });
      })) / users,
  };
  if (floor.size !== users) throw new Error("The floor was collected.");
  await api.serve(assertions[0] ?? ""); // both are alive until here
  yield {
    figure: `on behalf of, heap of a user, ${users.toLocaleString("en-US")} users`,
    unit: "bytes",
    ...heap,
    peer: "9.4 × floor, known",
    ...timesFloor(1.5, heap.ours / heap.floor),
  };

  await using web = createWebApi();
  let peerRequests = 0;
  const [user = ""] = assertionsOf(1);
  for (let request = 0; request < 20; request++) {
    await web.serve(user);
    await createPeer(user, () => peerRequests++).getToken(scope);
  }
  yield {
    figure: "on behalf of, requests for one user's 20",
    unit: "",
    ours: web.requests(),
    peer: peerRequests,
    floor: 1,
    ...atMost(1, web.requests(), ""),
  };
};
