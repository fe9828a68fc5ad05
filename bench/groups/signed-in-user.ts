/** A user who has signed in, and wants tokens for one resource after another. */
import { createIdentity } from "@azidentity/core";
import users from "@azidentity/plugin-users";
import { UsernamePasswordCredential } from "@azure/identity";
import { scope, scopesOf, type TokenSource } from "../contenders.ts";
import { type Entra, startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { cpuTime, median, ratio } from "../harness/measure.ts";
import { atMost } from "../harness/row.ts";

const clientId = "00000000-0000-4000-8000-000000000003";
const ann = { username: "ann@contoso.example", password: "Ann-s3cret" };
const callers = 20;
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';

function createOurs({ authorityHost, tenantId }: Entra) {
  const config = { config: false, plugins: [users], authorityHost, disableInstanceDiscovery: true } as const;
  const identity = createIdentity(config, { env: {}, random: () => 0 });
  const source: TokenSource = identity.credential("username-password", { tenantId, clientId, ...ann });
  return { source, [Symbol.asyncDispose]: () => identity.close() };
}

function createPeer({ authorityHost, tenantId }: Entra): TokenSource {
  const options = { authorityHost, disableInstanceDiscovery: true };
  return new UsernamePasswordCredential(tenantId, clientId, ann.username, ann.password, options);
}

/** Milliseconds of CPU for a token by the refresh token. */
async function cpuOfRenewal(source: TokenSource, scopes: readonly string[]): Promise<number> {
  const ms = await cpuTime(async () => {
    for (const one of scopes) await source.getToken(one);
  });
  return ms / scopes.length;
}

export const run: Group = async function* ({ quick }) {
  const application = { clientId, publicClient: true, secrets: [] };
  await using emulator = await startEmulatorProcess({ tenants: [{ applications: [{}, application], users: [ann] }] });
  await using own = createOurs(emulator);
  const ours = own.source;
  const peer = createPeer(emulator);
  const [crowded = "", ...others] = scopesOf(quick ? 41 : 401);

  const requestsOf = async (work: () => Promise<unknown>) => {
    const before = await emulator.count();
    await work();
    return (await emulator.count()) - before;
  };
  const crowd = (source: TokenSource) =>
    requestsOf(() => Promise.all(Array.from({ length: callers }, () => source.getToken(crowded))));
  const afterChallenge = async (source: TokenSource) => {
    await source.getToken(scope, { claims });
    return requestsOf(async () => {
      for (let n = 0; n < callers; n++) await source.getToken(scope);
    });
  };

  for (const source of [ours, peer]) await source.getToken(scope);
  const [oneCrowd, peerCrowd] = [await crowd(ours), await crowd(peer)];
  yield {
    figure: `a signed-in user, ${callers} callers for another resource: requests`,
    unit: "",
    ours: oneCrowd,
    peer: peerCrowd,
    floor: 1,
    ...atMost(1, oneCrowd, ""),
  };

  const rounds = 20;
  const size = others.length / rounds;
  const times = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const scopes = others.slice(round * size, (round + 1) * size);
    times.ours.push(await cpuOfRenewal(ours, scopes));
    times.peer.push(await cpuOfRenewal(peer, scopes));
  }
  yield {
    figure: "a signed-in user: CPU of a token for another resource",
    unit: "ms",
    ours: median(times.ours),
    peer: median(times.peer),
    floor: undefined,
    ...atMost(1, ratio(times.ours, times.peer), "× peer"),
  };

  const [oursAfter, peerAfter] = [await afterChallenge(ours), await afterChallenge(peer)];
  yield {
    figure: `a signed-in user, ${callers} calls after a claims challenge: requests`,
    unit: "",
    ours: oursAfter,
    peer: peerAfter,
    floor: 0,
    ...atMost(0, oursAfter, ""),
  };
};
