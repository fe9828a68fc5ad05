/**
 * Machines without a working broker: the time until a chain knows. Needs `dbus-daemon`, and for the
 * last rows the libraries of the native part. The peer loads that part into the program, where it
 * blocks the event loop.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import broker from "@azidentity/plugin-broker";
import { createBroker } from "dbus-native";
import { scope } from "../contenders.ts";
import type { Group } from "../group.ts";
import { runFresh } from "../harness/fresh-process.ts";
import { median, time } from "../harness/measure.ts";
import { atMost, type Row } from "../harness/row.ts";

const client = { clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", publicClient: true, secrets: [] };
const ann = { username: "ann@contoso.example", password: "a" };
const library = "libwebkit2gtk-4.1.so.0";

interface Attempt {
  readonly ms: number;
  /** Longest block of the event loop. */
  readonly stallMs: number;
  readonly outcome: string | undefined;
}

/** Requests one token from a new identity whose config and plugins are loaded already. */
async function attempt(env: Readonly<Record<string, string | undefined>>): Promise<Attempt> {
  await using identity = createIdentity({ config: false, plugins: [broker], chain: ["broker"] }, { env });
  await identity.ready();
  let [stallMs, last] = [0, performance.now()];
  const beat = setInterval(() => {
    const now = performance.now();
    stallMs = Math.max(stallMs, now - last - 1);
    last = now;
  }, 1);
  const ms = await time(() => identity.getToken(scope).catch(() => undefined));
  clearInterval(beat);
  return { ms, stallMs, outcome: identity.explain.last?.attempts.at(-1)?.outcome };
}

async function* measure(emulator: Emulator, folder: string, rounds: number): AsyncGenerator<Row> {
  const here = { PATH: process.env.PATH, HOME: folder };
  const empty = createBroker();
  const address = await new Promise<string>((resolve) =>
    empty.listen({ socket: join(folder, "bus") }, (_, listening) => resolve(listening)),
  );
  writeFileSync(join(folder, library), "not a library");
  chmodSync(join(folder, library), 0o755);
  const withoutUser = await emulator.startBroker({ accounts: [] });
  const withUser = await emulator.startBroker();
  const machines: readonly (readonly [string, string, object])[] = [
    ["no session bus", "not-installed", {}],
    ["no broker on the bus", "not-installed", { DBUS_SESSION_BUS_ADDRESS: address }],
    ["no user is signed in", "not-signed-in", withoutUser.env()],
    ["its libraries cannot be loaded", "not-installed", { ...withUser.env(), LD_LIBRARY_PATH: folder }],
  ];
  for (const [name, outcome, env] of machines) {
    const attempts: Attempt[] = [];
    for (let round = 0; round < rounds; round++) attempts.push(await attempt({ ...here, ...env }));
    const ms = median(attempts.map((one) => one.ms));
    const verdict = atMost(100, ms, "ms");
    const ok = verdict.ok && attempts.every((one) => one.outcome === outcome);
    yield {
      figure: `broker: ${name}, known after`,
      unit: "ms",
      ours: ms,
      peer: undefined,
      floor: undefined,
      ...verdict,
      ok,
    };
  }

  const tokens: Attempt[] = [];
  for (let round = 0; round < rounds; round++) tokens.push(await attempt({ ...here, ...withUser.env() }));
  empty.close();
  if (tokens.some(({ outcome }) => outcome !== "token")) return; // the libraries of the native part are not installed
  const peer = await runFresh([join(import.meta.dirname, "../programs/load-native-broker.mjs")], {
    env: withUser.env(),
  });
  const rest = { peer: undefined, floor: undefined };
  const ms = median(tokens.map((one) => one.ms));
  yield {
    figure: "broker: a token, with the native part's process",
    unit: "ms",
    ours: ms,
    ...rest,
    ...atMost(300, ms, "ms"),
  };
  const stallMs = median(tokens.map((one) => one.stallMs));
  const figure = "broker: longest block of the event loop";
  yield {
    figure,
    unit: "ms",
    ours: stallMs,
    peer: Number(peer.stdout),
    floor: undefined,
    ...atMost(20, stallMs, "ms"),
  };
}

export const run: Group = async function* ({ quick }) {
  if (!existsSync("/usr/bin/dbus-daemon")) return;
  const folder = mkdtempSync(join(tmpdir(), "azidentity-bench-"));
  const emulator = await startEmulator({ tenants: [{ applications: [{}, client], users: [ann] }] });
  try {
    yield* measure(emulator, folder, quick ? 5 : 15);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
