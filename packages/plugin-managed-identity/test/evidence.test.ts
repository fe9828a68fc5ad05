/** Each cell of the table in docs/managed-identity.md, in both modes. */
import { readFileSync } from "node:fs";
import { createIdentity } from "@azidentity/core";
import { definePlugin, defineSource, type HttpRequest, outcomeError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, type FakeReply } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { createImdsHistory } from "../src/imds-response.ts";
import type { Machine } from "../src/machine.ts";
import type { ManagedIdentityOptions } from "../src/resolve-host.ts";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { azureTag, fakeMachine, tokenAnswer } from "./support.ts";

const scope = "https://vault.azure.net/.default";
const cells = ["default chain", "chain that names it", "alone"] as const;
type Cell = (typeof cells)[number];
const modes = ["auto", "production"] as const;

interface Row extends Readonly<Record<Cell, string>> {
  readonly evidence: string;
  readonly answer: string;
}

const page = readFileSync(new URL("../../../docs/managed-identity.md", import.meta.url), "utf8");
const [, table = ""] = /^\| evidence +\| the metadata service.*\n.*\n((?:\|.*\n)+)/m.exec(page) ?? [];
const rows: readonly Row[] = table
  .trimEnd()
  .split("\n")
  .map((line) => {
    const [evidence = "", answer = "", ...promised] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [standard = "", named = "", alone = ""] = promised;
    return { evidence, answer, "default chain": standard, "chain that names it": named, alone };
  });

interface Place {
  readonly env?: Readonly<Record<string, string>>;
  readonly machine?: Machine;
  readonly options?: ManagedIdentityOptions;
  readonly hasAnswered?: boolean;
}

const windows = { platform: "win32" };
const places: Readonly<Record<string, readonly Place[]>> = {
  configured: [
    { env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:1" } },
    { options: { source: "imds" }, machine: fakeMachine({ tag: "Default string" }) },
  ],
  machine: [
    { machine: fakeMachine({ tag: azureTag }) },
    { machine: fakeMachine({ ...windows, files: ["C:\\WindowsAzure"] }) },
    { machine: fakeMachine({ ...windows, files: ["D:\\WindowsAzure"] }), env: { SystemDrive: "D:" } },
    { hasAnswered: true },
    { hasAnswered: true, machine: fakeMachine({ tag: "Default string" }) },
  ],
  none: [{}, { machine: fakeMachine(windows) }, { env: { GITHUB_ACTIONS: "true", AZURE_TENANT_ID: "t" } }],
  "other machine": [{ machine: fakeMachine({ tag: "Amazon EC2" }) }],
};

const json = (status: number, body: object): FakeReply => ({ status, body: JSON.stringify(body) });
const error = (status: number, code: string, text = "Something") =>
  json(status, { error: code, error_description: text });
const html = (status: number): FakeReply => ({ status, body: "<html>Not here</html>" });
const silence = "silence";

/** The replies that a line of the table stands for. */
const answers: Readonly<Record<string, readonly FakeReply[]>> = {
  "a token": [tokenAnswer(createFakeClock().now())],
  "400 `Identity not found`, and no id was given": [error(400, "invalid_request", "Identity not found")],
  "400 `Identity not found`, and an id was given": [error(400, "invalid_request", "Identity not found")],
  "another 400 in its own JSON": [
    error(400, "unauthorized_client"),
    json(400, { error: { code: "BadRequest", message: "Something" } }),
    json(400, { error: "Bad request. api-version is invalid", "newest-versions": ["2025-04-07"] }),
  ],
  "429 in its own JSON": [error(429, "too_many_requests"), json(429, { error: "too_many_requests" })],
  "500 in its own JSON": [error(500, "unknown"), json(500, { error: "unknown" }), error(502, "Bad Gateway")],
  "200 without a token": [html(200), { status: 200, body: "" }, json(200, {}), json(200, { code: 200 })],
  "a redirect": [{ status: 302, headers: { location: "http://portal.example/" } }, error(307, "invalid_request")],
  "401, or 403": [
    html(401),
    html(403),
    error(401, "unknown_source"),
    error(403, "access_denied"),
    { status: 403, body: "" },
  ],
  "403 of Docker Desktop: the address has no host": [
    { status: 403, body: "A socket operation was attempted to an unreachable network." },
  ],
  "404, with any body": [
    html(404),
    { status: 404, body: "" },
    error(404, "not_found"),
    json(404, { error: "not_found" }),
  ],
  "410 or 5xx, and no JSON of its own": [
    { status: 410, body: "" },
    html(500),
    html(502),
    { status: 503, body: "no healthy upstream" },
    html(504),
    json(503, { status: 503, error: "Service Unavailable", path: "/metadata" }),
    json(500, { code: 500, message: "Oops" }),
    json(500, { error: { code: 500, message: "Oops" } }),
  ],
  "the connection is refused or reset": [outcomeError("unreachable", "Refused (ECONNREFUSED).")],
  nothing: [silence],
  anything: [tokenAnswer(createFakeClock().now()), html(200), silence],
};

const isOwn = (answer: string) => /^a token$|^400 |in its own JSON$/.test(answer);
const refusedProbe = error(400, "invalid_request", "Required metadata header not specified");

/** A source that always has a token, of the kind that a mode loads. */
const follower = (kind: "deployed" | "developer") =>
  defineSource({
    name: "follower",
    kind,
    priority: 900,
    tenantPolicy: "any",
    subject: () => kind,
    create: (_, { clock }) => ({
      getToken: async () => ({ token: kind, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" }),
    }),
  });

interface Given {
  readonly row: Row;
  readonly cell: Cell;
  readonly place: Place;
  readonly reply: FakeReply;
  readonly mode: (typeof modes)[number];
}

/** The result of one acquisition: the kind of source that returned the token, or the error. */
async function outcomeOf({ row, cell, place, reply, mode }: Given) {
  const clock = createFakeClock();
  const isProbe = ({ headers }: HttpRequest) => headers?.Metadata === undefined;
  const answer = (request: HttpRequest) => {
    const given = isProbe(request) && isOwn(row.answer) ? refusedProbe : reply;
    return typeof given === "function" ? given(request) : given;
  };
  const http = createFakeHttp(answer);
  const history = createImdsHistory();
  if (place.hasAnswered) history.record({ status: 400, headers: {}, body: '{"error":"invalid_request"}' });
  const machine = place.machine ?? fakeMachine();
  const plugin = definePlugin({
    name: "test",
    sources: [createManagedIdentitySource(machine, history), follower("developer")],
  });
  const deployed = definePlugin({
    name: "test-deployed",
    sources: [createManagedIdentitySource(machine, history), follower("deployed")],
  });
  const id = row.answer.includes("an id was given") ? { clientId: "an-app" } : {};
  await using identity = createIdentity(
    {
      config: false,
      mode,
      plugins: [mode === "production" ? deployed : plugin],
      sources: { "managed-identity": { ...place.options, ...id } },
    },
    { env: place.env ?? {}, clock, http, random: () => 0 },
  );
  const asked =
    cell === "default chain"
      ? identity
      : cell === "alone"
        ? identity.credential("managed-identity")
        : identity.chain(["managed-identity", "follower"]);
  await identity.ready();
  const outcome = asked.getToken(scope).catch((thrown) => thrown);
  await clock.advance(110_000); // longer than all tries, and than the deadline
  return { outcome: await outcome, requests: http.requests };
}

/** Each place with one reply, and each reply at one place. */
function combined(given: readonly Place[], replies: readonly FakeReply[]): [Place, FakeReply][] {
  const [place = {}] = given;
  const [first = silence, ...others] = replies;
  return [
    ...given.map((one): [Place, FakeReply] => [one, first]),
    ...others.map((one): [Place, FakeReply] => [place, one]),
  ];
}

it("the table of docs/managed-identity.md has a line for each answer and each evidence", () => {
  const kinds = Object.keys(answers).filter((answer) => answer !== "anything");
  const expected = ["configured", "machine", "none"].flatMap((evidence) => kinds.map((kind) => [evidence, kind]));
  expect(rows.map(({ evidence, answer }) => [evidence, answer])).toEqual([...expected, ["other machine", "anything"]]);
});

describe.each(rows)("with evidence: $evidence, and an answer: $answer", (row) => {
  const given = cells.flatMap((cell) => modes.map((mode) => [cell, mode] as const));
  it.each(given)(
    `%s, mode %s: the table holds for evidence ${row.evidence} and the answer ${row.answer}`,
    async (cell, mode) => {
      const combinations = combined(places[row.evidence] ?? [], answers[row.answer] ?? []);
      expect(combinations).not.toEqual([]);
      for (const [place, reply] of combinations) {
        const { outcome, requests } = await outcomeOf({ row, cell, place, reply, mode });
        const promised = row[cell];
        const code = /`(.*)`/.exec(promised)?.[1];
        const expected = promised === "next" ? (mode === "production" ? "deployed" : "developer") : code;
        const where = JSON.stringify([place.env, reply]);
        expect([where, outcome.token ?? outcome.code]).toEqual([where, promised === "token" ? "opaque" : expected]);
        if (promised.startsWith("stop")) expect(outcome.message).toContain("follower was not tried");
        if (row.evidence === "other machine") expect(requests).toEqual([]);
      }
    },
  );
});

it("the error of a named chain on a machine without an identity shows the policy that continues the chain", async () => {
  const row = rows.find(({ evidence, answer }) => evidence === "machine" && answer.includes("no id was given")) as Row;
  const [reply = silence] = answers[row.answer] ?? [];
  const place = places.machine?.[0] ?? {};
  const { outcome } = await outcomeOf({ row, cell: "chain that names it", place, reply, mode: "auto" });
  for (const part of ['"managed-identity": { "not-configured": "next" }', "Dev Box", "hosted runner", "sign-in"])
    expect(outcome.message).toContain(part);
});

it("a service that answers 410 is retried for 70 seconds before it counts as another service", async () => {
  const row = rows.find(({ evidence, answer }) => evidence === "none" && answer.startsWith("410")) as Row;
  for (const cell of cells) {
    const { outcome, requests } = await outcomeOf({ row, cell, place: {}, reply: { status: 410 }, mode: "auto" });
    expect(outcome.token ?? outcome.code).toBe(cell === "alone" ? "no-metadata-service" : "developer");
    expect(requests.length).toBeGreaterThan(15); // pauses of four seconds for 70 seconds
  }
});
