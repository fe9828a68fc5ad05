/** The classes of `@azidentity/identity` beside those of `@azure/identity`, and beside core. */
import { join } from "node:path";
import { ClientSecretCredential, DefaultAzureCredential } from "@azidentity/identity";
import { resetSharedTokens } from "@azidentity/identity/testing";
import { ClientSecretCredential as PeerClientSecretCredential } from "@azure/identity";
import { createOurs, oursAlone, scope, type TokenSource } from "../contenders.ts";
import { type EmulatorProcess, startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { runFreshInTurns } from "../harness/fresh-process.ts";
import { keptBy } from "../harness/heap.ts";
import { cpuTime, interleave, median, type Rounds, ratio } from "../harness/measure.ts";
import { atMost, type Row, timesFloor } from "../harness/row.ts";

const program = (name: string) => join(import.meta.dirname, "../programs", `${name}.mjs`);

interface Makers {
  /** A credential that shares its tokens with equal ones. */
  readonly shared: () => TokenSource;
  readonly ours: () => TokenSource;
  readonly peer: () => TokenSource;
}

function makersFor({ authorityHost, tenantId, application }: EmulatorProcess): Makers {
  const options = { authorityHost, disableInstanceDiscovery: true };
  const { clientId, clientSecret } = application;
  return {
    shared: () => new ClientSecretCredential(tenantId, clientId, clientSecret, options),
    ours: () => new ClientSecretCredential(tenantId, clientId, clientSecret, { ...options, shareTokens: false }),
    peer: () => new PeerClientSecretCredential(tenantId, clientId, clientSecret, options),
  };
}

/** Makes credentials one after the other, each with its first token. */
async function makeMany(make: () => TokenSource, count: number): Promise<TokenSource[]> {
  const made: TokenSource[] = [];
  for (let n = 0; n < count; n++) {
    const credential = make();
    await credential.getToken(scope);
    made.push(credential);
  }
  return made;
}

/**
 * What a credential that shares nothing costs with its first token, in a process that has others.
 */
async function* newInstances({ ours, peer }: Makers, rounds: number): AsyncGenerator<Row> {
  const count = 20;
  const cpu: Record<"ours" | "peer", number[]> = { ours: [], peer: [] };
  for (const make of [ours, peer]) await makeMany(make, 3 * count); // compiled code, connections
  for (let round = 0; round < rounds; round++) {
    cpu.ours.push((await cpuTime(() => makeMany(ours, count))) / count);
    cpu.peer.push((await cpuTime(() => makeMany(peer, count))) / count);
  }
  const figure = "a credential of its own with its first token";
  yield {
    figure: `${figure}: CPU`,
    unit: "ms",
    ours: median(cpu.ours),
    peer: median(cpu.peer),
    floor: undefined,
    ...timesFloor(1, ratio(cpu.ours, cpu.peer), "peer"),
  };

  const kept: TokenSource[] = [];
  const kB = async (make: () => TokenSource) =>
    (await keptBy(async () => void kept.push(...(await makeMany(make, 200))))) / 200 / 1_000;
  const heap = { ours: await kB(ours), peer: await kB(peer) };
  await kept[0]?.getToken(scope); // all of them are alive until here
  yield {
    figure: `${figure}: heap`,
    unit: "kB",
    ...heap,
    floor: undefined,
    ...timesFloor(1, heap.ours / heap.peer, "peer"),
  };
}

/** A driver that makes a credential for each of its connections: twenty at once, then ten more. */
async function* aDriver({ shared, peer }: Makers, emulator: EmulatorProcess): AsyncGenerator<Row> {
  const requests = async (make: () => TokenSource) => {
    const before = await emulator.count();
    await Promise.all(Array.from({ length: 20 }, () => make().getToken(scope)));
    await Promise.all(Array.from({ length: 10 }, () => make().getToken(scope)));
    return (await emulator.count()) - before;
  };
  const [ours, its] = [await requests(shared), await requests(peer)];
  yield {
    figure: "20 and then 10 credentials with one secret: requests",
    unit: "",
    ours,
    peer: its,
    floor: 1,
    ...atMost(1, ours, ""),
  };
}

async function inTurn(source: TokenSource, options: object | undefined): Promise<void> {
  for (let call = 0; call < 20_000; call++) await source.getToken(scope, options);
}

/** Tokens in memory through a class, and through core. */
async function* hits(emulator: EmulatorProcess, { shared }: Makers, rounds: number): AsyncGenerator<Row> {
  await using identity = createOurs(emulator);
  Object.assign(process.env, emulator.env);
  const pairs = [
    { name: "one source", ours: shared(), core: oursAlone(identity, emulator) },
    {
      name: "default chain",
      ours: new DefaultAzureCredential({ disableInstanceDiscovery: true }),
      core: identity,
    },
  ];
  const sdkOptions = { enableCae: true, abortSignal: new AbortController().signal, tracingOptions: {} };
  for (const { name, ours, core } of pairs) {
    for (const [how, options] of Object.entries({ "getToken(scope)": undefined, "as an SDK client": sdkOptions })) {
      for (const source of [ours, core]) await source.getToken(scope, options);
      const contender = (source: TokenSource) => ({ calls: 20_000, run: () => inTurn(source, options) });
      const times = await interleave({ ours: contender(ours), core: contender(core) }, rounds);
      const us = (ms: Rounds) => median(ms) * 1_000;
      yield {
        figure: `cached, classes over core (floor: core), ${name}, ${how}`,
        unit: "µs",
        ours: us(times.ours),
        peer: undefined,
        floor: us(times.core),
        ...timesFloor(1.05, ratio(times.ours, times.core), "core"),
      };
    }
  }
}

/** Fresh processes: the import, and a first token by DefaultAzureCredential. */
async function* processes(emulator: EmulatorProcess, rounds: number): AsyncGenerator<Row> {
  const imports = await runFreshInTurns(
    { ours: [program("import-drop-in")], peer: [program("import-peer")], floor: ["-e", "0"] },
    rounds,
  );
  const beyond = ({ ms }: { readonly ms: Rounds }) =>
    median(ms.map((value, round) => value - (imports.floor.ms[round] ?? Number.NaN)));
  const ms = { ours: beyond(imports.ours), peer: beyond(imports.peer), floor: 0 };
  yield {
    figure: "import of @azidentity/identity: beyond bare Node",
    unit: "ms",
    ...ms,
    ...atMost(25, ms.ours, "ms"),
  };

  const programs = { ours: [program("first-token-drop-in-ours")], peer: [program("first-token-drop-in-peer")] };
  const hosts = { environment: emulator.env, "App Service": emulator.hostEnv["app-service"] ?? {} };
  for (const [host, env] of Object.entries(hosts)) {
    const { ours, peer } = await runFreshInTurns(programs, rounds, env);
    yield {
      figure: `process start to first token and exit, DefaultAzureCredential, ${host}`,
      unit: "ms",
      ours: median(ours.ms),
      peer: median(peer.ms),
      floor: undefined,
      ...timesFloor(1, ratio(ours.ms, peer.ms), "peer"),
    };
  }
}

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess({ tokenLifetimeSeconds: 86_399, hosts: { "app-service": {} } });
  const makers = makersFor(emulator);
  const rounds = quick ? 7 : 25;
  yield* newInstances(makers, rounds);
  resetSharedTokens();
  yield* aDriver(makers, emulator);
  yield* hits(emulator, makers, rounds);
  yield* processes(emulator, rounds);
};
