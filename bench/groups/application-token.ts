/**
 * CPU of one token over a warm connection: with few and with many tokens held, by a certificate,
 * and with an authority of one's own.
 */
import { setTimeout as rest } from "node:timers/promises";
import { createIdentity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import { createBarePost } from "../bare-post.ts";
import { createOurs, oursAlone, peerAlone, scope, scopesOf, type TokenSource } from "../contenders.ts";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { cpuTime, median, ratio } from "../harness/measure.ts";
import { timesFloor } from "../harness/row.ts";

/** Calls with a claims challenge never take the token from a cache. */
const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: "1700000000" } } });

type Work = () => Promise<unknown>;

/**
 * Milliseconds of CPU per call, by round; the contenders take turns. Before each call both ends of
 * the connection come to rest, as between two tokens of a program. Waking the other end costs the
 * sender: a byte there and back is 17 µs of CPU while the other end still spins, and 90 µs a
 * millisecond later. Without a rest the floor alone would be spared that, because ours works
 * between two requests.
 */
async function cpuTimes<Name extends string>(
  contenders: Readonly<Record<Name, Work>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const calls = 50;
  const names = Object.keys(contenders) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = -10; round < rounds; round++) {
    for (const name of names) {
      let spent = 0;
      for (let call = 0; call < calls; call++) {
        await rest(1);
        spent += await cpuTime(contenders[name]);
      }
      if (round >= 0) times[name].push(spent / calls);
    }
  }
  return times;
}

const fresh =
  (source: TokenSource): Work =>
  () =>
    source.getToken(scope, { claims });

async function hold(source: TokenSource, count: number): Promise<void> {
  const left = scopesOf(count).values();
  const worker = async () => {
    for (const one of left) await source.getToken(one);
  };
  await Promise.all(Array.from({ length: 10 }, worker));
}

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess();
  await using identity = createOurs(emulator);
  const ours = oursAlone(identity, emulator);
  const peer = peerAlone(emulator);
  const { post } = createBarePost(emulator);
  const floor = () => post(scope);
  const rounds = quick ? 5 : 21;

  const few = await cpuTimes({ ours: fresh(ours), floor, peer: fresh(peer) }, rounds);
  yield {
    figure: "CPU of a token over a warm connection",
    unit: "ms",
    ours: median(few.ours),
    peer: median(few.peer),
    floor: median(few.floor),
    ...timesFloor(1.7, ratio(few.ours, few.floor)),
  };

  const held = quick ? 500 : 5_000;
  await hold(ours, held);
  const many = await cpuTimes({ ours: fresh(ours), floor }, rounds);
  yield {
    figure: `the same, ${held.toLocaleString("en-US")} tokens held`,
    unit: "ms",
    ours: median(many.ours),
    peer: "161 × floor, known",
    floor: median(many.floor),
    ...timesFloor(1.7, ratio(many.ours, many.floor)),
  };

  const { authorityHost, caCertificateFile: caFile } = emulator;
  await using trusting = createIdentity(
    { config: false, plugins: [entra], authorityHost, disableInstanceDiscovery: true, http: { caFile } },
    { env: {} },
  );
  const own = await cpuTimes({ ours: fresh(oursAlone(trusting, emulator)), floor }, rounds);
  yield {
    figure: "the same, with an authority in `http.caFile`",
    unit: "ms",
    ours: median(own.ours),
    peer: undefined,
    floor: median(own.floor),
    ...timesFloor(1.7, ratio(own.ours, own.floor)),
  };

  const { tenantId, application } = emulator;
  const certificate = await emulator.createCertificate();
  const signed = identity.credential("client-certificate", { tenantId, clientId: application.clientId, certificate });
  const proofs = await cpuTimes({ certificate: fresh(signed), secret: fresh(ours) }, rounds);
  yield {
    figure: "CPU of a token, by certificate (floor: by secret)",
    unit: "ms",
    ours: median(proofs.certificate),
    peer: undefined,
    floor: median(proofs.secret),
    ...timesFloor(1.2, ratio(proofs.certificate, proofs.secret), "secret"),
  };
};
