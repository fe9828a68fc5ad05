/**
 * 50 concurrent callers without a token, and an endpoint that fails: the requests, and the time
 * until the callers know.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "@azidentity/emulator";
import { createOurs, oursAlone, peerAlone, scope, type TokenSource } from "../contenders.ts";
import { type EmulatorProcess, startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { all, atMost, type Row } from "../harness/row.ts";

/** The deadline of an acquisition, and half a second for timers and the machine. */
const withinSeconds = 30.5;
const peerCapMs = 20_000;

interface Case {
  readonly name: string;
  readonly fault: Fault;
  /** Seconds until every caller must have an error. */
  readonly within: number;
  /** Takes the whole deadline. */
  readonly slow?: true;
  /** The delay that the error must have. */
  readonly retryAfterMs?: number;
}

const cases: readonly Case[] = [
  { name: "500", fault: { status: 500 }, within: withinSeconds },
  { name: "429, Retry-After 2", fault: { status: 429, headers: { "Retry-After": "2" } }, within: withinSeconds },
  {
    name: "429, Retry-After 3600",
    fault: { status: 429, headers: { "Retry-After": "3600" } },
    within: 1,
    retryAfterMs: 3_600_000,
  },
  { name: "a reset connection", fault: { connection: "reset" }, within: withinSeconds },
  { name: "silence", fault: { connection: "hang" }, within: withinSeconds, slow: true },
];

interface Outcome {
  readonly requests: number;
  /** Seconds until the last caller's error. */
  readonly seconds: number;
  readonly errors: readonly unknown[];
}

async function observe(
  emulator: EmulatorProcess,
  source: TokenSource,
  fault: Fault,
  capMs = Number.POSITIVE_INFINITY,
): Promise<Outcome> {
  await emulator.addFaults({ path: "token", times: Number.POSITIVE_INFINITY, ...fault });
  const errors: unknown[] = [];
  const started = performance.now();
  const callers = Array.from({ length: 50 }, () => source.getToken(scope).catch((error) => errors.push(error)));
  await Promise.race([Promise.all(callers), ...(Number.isFinite(capMs) ? [sleep(capMs)] : [])]);
  return { requests: await emulator.count(), seconds: (performance.now() - started) / 1_000, errors };
}

const show = ({ requests, seconds, errors }: Outcome) =>
  errors.length < 50 ? `${requests}, > ${Math.floor(seconds)} s` : `${requests}, ${seconds.toFixed(1)} s`;

async function rowOf({ name, fault, within, retryAfterMs }: Case): Promise<Row> {
  await using one = await startEmulatorProcess();
  await using other = await startEmulatorProcess();
  await using identity = createOurs(one);
  const [ours, peer] = await Promise.all([
    observe(one, oursAlone(identity, one), fault),
    observe(other, peerAlone(other), fault, peerCapMs),
  ]);
  const verdict = [
    atMost(4, ours.requests, "requests"),
    atMost(within, ours.seconds, "s"),
    atMost(0, 50 - ours.errors.length, "left waiting"),
  ];
  if (retryAfterMs !== undefined) {
    const withDelay = ours.errors.filter(
      (error) => (error as { retryAfterMs?: unknown }).retryAfterMs === retryAfterMs,
    );
    verdict.push(atMost(0, 50 - withDelay.length, "without the delay"));
  }
  return {
    figure: `50 callers, ${name}: requests, time`,
    unit: "",
    ours: show(ours),
    peer: show(peer),
    floor: undefined,
    ...all(...verdict),
  };
}

export const run: Group = async function* ({ quick }) {
  const rows = cases.filter(({ slow }) => !(quick && slow)).map(rowOf);
  for (const row of rows) yield await row;
};
