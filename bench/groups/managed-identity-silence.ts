/**
 * No answer from a metadata service: a laptop, a named host that is down, a machine without any
 * credential.
 */
import { createServer } from "node:net";
import { createIdentity } from "@azidentity/core";
import { definePlugin, defineSource } from "@azidentity/core/plugin";
import managedIdentity from "@azidentity/plugin-managed-identity";
import { setChassisTag } from "../chassis-tag.ts";
import type { Group } from "../group.ts";
import { median, time } from "../harness/measure.ts";
import { all, atMost, type Row } from "../harness/row.ts";

const scope = "https://vault.azure.net/.default";
const developers = definePlugin({
  name: "developers",
  sources: [
    defineSource({
      name: "azure-cli",
      kind: "developer",
      priority: 200,
      tenantPolicy: "any",
      subject: () => "developer",
      create: () => ({
        getToken: async () => ({ token: "T", expiresOnTimestamp: Date.now() + 3_600_000, tokenType: "Bearer" }),
      }),
    }),
  ],
});

/** Never answers, like an address without a host. */
const silence = {
  send: (_: unknown, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
};

const open = (
  withDeveloper: boolean,
  env: Readonly<Record<string, string>> = {},
  overrides: object = { http: silence },
) =>
  createIdentity(
    { config: false, plugins: withDeveloper ? [managedIdentity, developers] : [managedIdentity] },
    { env, logger: { error() {}, warn() {}, info() {}, debug() {} }, ...overrides },
  );

const row = (figure: string, peer: string, ours: number, limit: number, unit = "ms"): Row => ({
  figure,
  unit,
  ours,
  peer,
  floor: undefined,
  ...atMost(limit, ours, unit),
});

/** Median of some calls that follow the first one. */
async function later(ask: (n: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 9; n++) times.push(await time(() => ask(n)));
  return median(times);
}

async function laptop(tag: string | undefined) {
  setChassisTag(tag);
  await using identity = open(true);
  await identity.ready();
  await identity.getToken(scope);
  const walk = identity.explain.last;
  const ours = walk?.attempts.find(({ source }) => source === "managed-identity")?.ms ?? Number.NaN;
  return { ours, later: await later((n) => identity.getToken(`https://resource-${n}.example/.default`)) };
}

async function nothing(tag: string | undefined) {
  setChassisTag(tag);
  await using identity = open(false, { AZURE_CLIENT_ID: "app" });
  await identity.ready();
  const ask = () => identity.getToken(scope).catch(() => undefined);
  return { first: await time(ask), later: await later(ask) };
}

async function named(url: string) {
  await using identity = open(true, { AZURE_POD_IDENTITY_AUTHORITY_HOST: url }, {});
  let error: unknown;
  const ms = await time(() => identity.getToken(scope).catch((thrown) => (error = thrown)));
  return { seconds: ms / 1_000, failed: error !== undefined };
}

export const run: Group = async function* () {
  const known = await laptop("Default string");
  const unknown = await laptop(undefined);
  const figure = "laptop, silent metadata service: its cost to the chain";
  yield row(`${figure}, the chassis is known`, "1 010 known", known.ours, 20);
  yield row(`${figure}, nothing is known`, "1 010 known", unknown.ours, 1_050);
  yield row(`${figure}, for later tokens`, "1 004 known", Math.max(known.later, unknown.later), 5);

  const sure = await nothing("Default string");
  const unsure = await nothing(undefined);
  yield row("nothing available: first error, the chassis is known", "1 015 known", sure.first, 50);
  yield row("nothing available: first error, nothing is known", "1 015 known", unsure.first, 1_100);
  yield row("nothing available: later errors", "1 004 known", Math.max(sure.later, unsure.later), 5);

  const silentServer = createServer(() => undefined);
  await new Promise<void>((resolve) => silentServer.listen(0, "127.0.0.1", resolve));
  const { port } = silentServer.address() as import("node:net").AddressInfo;
  const [refused, silent] = await Promise.all([named("http://127.0.0.1:1"), named(`http://127.0.0.1:${port}`)]);
  silentServer.close();
  const what = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
  for (const [name, { seconds, failed }, peer] of [
    ["refused", refused, "18, known"],
    ["silent", silent, "> 30 and the developer, known"],
  ] as const) {
    const verdict = all(atMost(10, seconds, "s"), atMost(0, failed ? 0 : 1, "tokens of others"));
    yield { figure: `${what} is ${name}: an error in`, unit: "s", ours: seconds, peer, floor: undefined, ...verdict };
  }
};
