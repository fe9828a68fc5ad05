/** A token of the host: App Service, and a working metadata service. */
import { Agent, get } from "node:http";
import { join } from "node:path";
import { createIdentity } from "@azidentity/core";
import managedIdentity from "@azidentity/plugin-managed-identity";
import { ManagedIdentityCredential } from "@azure/identity";
import { startEmulatorProcess } from "../emulator-process.ts";
import type { Group } from "../group.ts";
import { runFreshInTurns } from "../harness/fresh-process.ts";
import { interleave, median, ratio } from "../harness/measure.ts";
import { all, atMost, timesFloor } from "../harness/row.ts";

type Env = Readonly<Record<string, string>>;

const program = (name: string) => [join(import.meta.dirname, "../programs", `managed-first-token-${name}.mjs`)];

/** By name, so that no other source of the chain is tried. */
const open = (env: Env, overrides: object = {}) =>
  createIdentity({ config: false, plugins: [managedIdentity] }, { env, ...overrides });

/** The floor: one bare request over a new connection. */
function bareGet({ IDENTITY_ENDPOINT, IDENTITY_HEADER }: Env, resource: string): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const url = `${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`;
  return new Promise((resolve, reject) => {
    const headers = { "X-IDENTITY-HEADER": IDENTITY_HEADER };
    get(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        agent.destroy();
        if (JSON.parse(Buffer.concat(chunks).toString("utf8")).access_token === undefined)
          reject(new Error("no token"));
        else resolve();
      });
    }).on("error", reject);
  });
}

/** A metadata service without a network, which counts. */
function createMetadataService() {
  const requests: string[] = [];
  const body = () =>
    JSON.stringify({
      access_token: "T",
      token_type: "Bearer",
      expires_on: String(Math.floor(Date.now() / 1000) + 86_400),
    });
  const send = async ({ url, headers }: { readonly url: string; readonly headers?: object }) => {
    requests.push(url);
    return headers === undefined ? { status: 400, headers: {}, body: "" } : { status: 200, headers: {}, body: body() };
  };
  return { requests, http: { send } };
}

export const run: Group = async function* ({ quick }) {
  await using emulator = await startEmulatorProcess({ hosts: { "app-service": {} } });
  const env = emulator.hostEnv["app-service"] ?? {};
  Object.assign(process.env, env);
  const opened: ReturnType<typeof open>[] = [];
  let round = 0;
  // the peer keeps tokens for the whole process
  const nextResource = () => `https://account${round++}.blob.core.windows.net`;
  const { ours, peer, floor } = await interleave(
    {
      ours: {
        calls: 1,
        run() {
          const identity = open(env);
          opened.push(identity);
          return identity.credential("managed-identity").getToken(`${nextResource()}/.default`);
        },
      },
      peer: { calls: 1, run: () => new ManagedIdentityCredential().getToken(`${nextResource()}/.default`) },
      floor: { calls: 1, run: () => bareGet(env, nextResource()) },
    },
    quick ? 60 : 300,
    30,
  );
  await Promise.all(opened.map((identity) => identity.close()));
  yield {
    figure: "App Service: new credential to first token",
    unit: "ms",
    ours: median(ours),
    peer: median(peer),
    floor: median(floor),
    ...timesFloor(1.5, ratio(ours, floor)),
  };

  const programs = { ours: program("ours"), peer: program("peer"), floor: program("floor") };
  const fresh = await runFreshInTurns(programs, quick ? 7 : 25, env);
  yield {
    figure: "App Service: process start to first token and exit",
    unit: "ms",
    ours: median(fresh.ours.ms),
    peer: median(fresh.peer.ms),
    floor: median(fresh.floor.ms),
    ...timesFloor(1.6, ratio(fresh.ours.ms, fresh.floor.ms)),
  };

  const { requests, http } = createMetadataService();
  const developer = { getToken: async () => null };
  await using identity = open({}, { http });
  const chain = identity.chain(["managed-identity", developer]);
  await chain.getToken("https://vault.azure.net/.default");
  const first = requests.length;
  for (let call = 0; call < 100; call++) await chain.getToken("https://vault.azure.net/.default");
  const cached = requests.length - first;
  yield {
    figure: "metadata service: requests for the first token, for 100 cached ones",
    unit: "",
    ours: `${first}, ${cached}`,
    peer: "3, 100, known",
    floor: "1, 0",
    ...all(atMost(2, first, "first"), atMost(0, cached, "cached")),
  };

  const cold = createMetadataService();
  await using crowded = open({ AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:1" }, { http: cold.http });
  await Promise.all(Array.from({ length: 100 }, () => crowded.getToken("https://vault.azure.net/.default")));
  const count = cold.requests.length;
  yield {
    figure: "100 cold callers: requests",
    unit: "",
    ours: count,
    peer: "100, known",
    floor: 1,
    ...atMost(1, count, ""),
  };
};
