/** docs/time-limits.md beside what the code does, and a first request that is never answered. */

import { readFileSync } from "node:fs";
import { createIdentity } from "@azidentity/core";
import { outcomeError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, type FakeReply } from "@azidentity/core/testing";
import { startEmulator } from "@azidentity/emulator";
import { scope } from "@azidentity/test-support";
import { expect, it } from "vitest";
import entra from "../src/index.ts";
import "./lazy-modules.ts";

const page = readFileSync(new URL("../../../docs/time-limits.md", import.meta.url), "utf8");
const [, table = ""] = /^\| endpoint +\| what happens.*\n.*\n((?:\|.*\n)+)/m.exec(page) ?? [];
const rows = table
  .trimEnd()
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()));

const ids = { tenantId: "contoso.com", clientId: "app" };
interface Client {
  readonly name: string;
  readonly options: object;
  readonly env: Readonly<Record<string, string>>;
}

const sources: Readonly<Record<string, Client>> = {
  "Entra, application": { name: "client-secret", options: { ...ids, clientSecret: "secret" }, env: {} },
  "a build service": {
    name: "github-actions",
    options: ids,
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/idtoken", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "token" },
  },
};

const refused = outcomeError("unreachable", "No connection (ECONNREFUSED).", { remedy: "Check the network." });
const replies: Readonly<Record<string, readonly FakeReply[]>> = {
  "no response": ["silence"],
  "the connection is refused or reset": [refused],
  "408, 429, 500, 502, 503 or 504": [408, 429, 500, 502, 503, 504].map((status) => ({ status })),
  "400 `temporarily_unavailable`": [{ status: 400, body: '{"error":"temporarily_unavailable"}' }],
  "200 with an empty body": [{ status: 200 }],
  "400 `invalid_client`": [{ status: 400, body: '{"error":"invalid_client"}' }],
  "401": [{ status: 401 }],
};

/** How many requests are sent until an acquisition fails, and after how many seconds. */
async function failureOf(endpoint: string, reply: FakeReply) {
  const { name = "", options = {}, env = {} } = sources[endpoint] ?? {};
  const clock = createFakeClock();
  const http = createFakeHttp(reply);
  await using identity = createIdentity({ config: false, plugins: [entra] }, { env, http, clock, random: () => 0.99 });
  await identity.ready();
  const started = clock.monotonic();
  let failedAt: number | undefined;
  const failed = identity
    .credential(name as "client-secret", options as never)
    .getToken(scope)
    .catch(() => {
      failedAt = clock.monotonic();
    });
  for (let steps = 0; failedAt === undefined && steps < 400; steps++) await clock.advance(100);
  await failed;
  return { requests: http.requests.length, seconds: ((failedAt ?? Number.NaN) - started) / 1_000 };
}

it.each(rows)("docs/time-limits.md%s says how long it takes: %s, %s", async (_, endpoint = "", what = "", ...cells) => {
  const [tries, , , failsAfter = ""] = cells;
  const limit = Number.parseFloat(failsAfter);
  expect(replies[what]).toBeDefined();
  for (const reply of replies[what] ?? []) {
    const { requests, seconds } = await failureOf(endpoint, reply);
    expect([requests, Math.round(seconds)]).toEqual([Number(tries), limit]);
  }
});

it("a request to Entra that is read and never answered is sent again on a fresh connection", async () => {
  const emulator = await startEmulator();
  const clock = createFakeClock(Date.now());
  const { authorityHost, tenantId, caCertificateFile: caFile } = emulator;
  const { clientId, clientSecret } = emulator.application;
  const config = { config: false, plugins: [entra], authorityHost, tenantId, http: { caFile } } as const;
  const identity = createIdentity({ ...config, disableInstanceDiscovery: true }, { env: {}, clock, random: () => 0 });
  try {
    emulator.faults.add({ path: "token", connection: "hang" });
    const arrived = emulator.requests.next("token");
    const token = identity.credential("client-secret", { clientId, clientSecret }).getToken(scope);
    await arrived;
    await clock.advance(10_500); // the limit of a try, and the first pause
    expect((await token).tokenType).toBe("Bearer");
    expect(emulator.requests.filter(({ path }) => path.endsWith("/token"))).toHaveLength(2);
  } finally {
    await identity.close();
    await emulator.close();
  }
});
