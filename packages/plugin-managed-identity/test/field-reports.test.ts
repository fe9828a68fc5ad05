/** What hosts do while they start, sleep or have no identity, each as its users reported it. */
import { readFileSync } from "node:fs";
import { createIdentity } from "@azidentity/core";
import { definePlugin, type HttpRequest, type IdentityError, outcomeError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, type FakeReply } from "@azidentity/core/testing";
import { createDeveloper } from "@azidentity/test-support";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Machine } from "../src/machine.ts";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { azureTag, fakeMachine, tokenAnswer } from "./support.ts";

type Env = Readonly<Record<string, string>>;

const scope = "https://vault.azure.net/.default";
const appService = { IDENTITY_ENDPOINT: "http://127.0.0.1:41741/msi/token", IDENTITY_HEADER: "c4n4ry" };
const cloudShell = { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" };
const containerGroup = {
  IDENTITY_API_VERSION: "2019-07-01-preview",
  IDENTITY_HEADER: "c4n4ry",
  IDENTITY_SERVER_THUMBPRINT: "AB".repeat(20),
};
const namedImds = { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:2579/" };
const onAzure = () => fakeMachine({ tag: azureTag });

const json = (status: number, body: object): FakeReply => ({ status, body: JSON.stringify(body) });
const oauthError = (text: string) => json(400, { error: "invalid_request", error_description: text });
const refused = outcomeError("unreachable", "No response from the host (ECONNREFUSED).");

const az = createDeveloper("developer").source;

/** A host whose response to each request depends on the milliseconds since the start. */
type Behavior = (request: HttpRequest, ms: number, n: number) => FakeReply;

interface Program {
  readonly env?: Env;
  readonly machine?: Machine;
  readonly chain?: "default" | "named" | "alone";
  readonly host: Behavior;
  /** Between 0 and 1: how far the pauses are lengthened. */
  readonly jitter?: number;
}

/** A token request in that place: its result, when it came, and what was sent. */
async function run({ env = {}, machine = fakeMachine(), chain = "default", host, jitter = 0 }: Program) {
  const clock = createFakeClock();
  let n = 0;
  const warnings: string[] = [];
  const none = () => undefined;
  const logger = { error: none, warn: (text: string) => void warnings.push(text), info: none, debug: none };
  const http = createFakeHttp((request) => {
    const reply = host(request, clock.monotonic(), ++n);
    return typeof reply === "function" ? reply(request) : reply;
  });
  const plugin = definePlugin({ name: "test", sources: [createManagedIdentitySource(machine), az] });
  const identity = createIdentity(
    { config: false, plugins: [plugin] },
    { env, http, clock, logger, random: () => jitter },
  );
  onTestFinished(() => identity.close());
  await identity.ready();
  const asked =
    chain === "alone"
      ? identity.credential("managed-identity")
      : chain === "named"
        ? identity.chain(["managed-identity", "azure-cli"])
        : identity;
  let seconds = Number.NaN;
  const result = asked
    .getToken(scope)
    .catch((error: IdentityError) => error)
    .finally(() => {
      seconds = Math.round(clock.monotonic() / 1_000);
    });
  for (let second = 0; second < 110 && Number.isNaN(seconds); second++) await clock.advance(1_000);
  const answer = await result;
  return {
    result: "token" in answer ? answer.token : answer.code,
    error: answer as IdentityError,
    seconds,
    warnings,
    requests: http.requests,
    reason: identity.explain.last?.attempts.find(({ source }) => source === "managed-identity")?.reason,
  };
}

const token: Behavior = (_, ms) => tokenAnswer(createFakeClock().now() + ms);

describe("a container group, whose variables name no endpoint,", () => {
  it("a container group, whose variables name no endpoint, gets its token from the metadata service, and the walk says why", async () => {
    const { result, requests, reason } = await run({ env: containerGroup, host: token });
    expect(result).toBe("opaque");
    expect(requests[0]?.url).toMatch(/^http:\/\/169\.254\.169\.254\/metadata\/identity/);
    expect(reason).toContain("IDENTITY_SERVER_THUMBPRINT are set. No variable names an endpoint");
  });

  it("a container group, whose variables name no endpoint, does not become a developer when the metadata service refuses it", async () => {
    expect(await run({ env: containerGroup, host: () => oauthError("Bad") })).toMatchObject({ result: "host-refused" });
  });
});

describe("a metadata service that answers 404 on its token path", () => {
  it.each<[string, FakeReply]>([
    ["empty", { status: 404 }],
    ["as JSON", json(404, { error: "not_found" })],
  ])("a metadata service that answers 404 on its token path has no identity: %s", async (_, reply) => {
    const host = () => reply;
    expect(await run({ host })).toMatchObject({ result: "developer", seconds: 0 });
    expect(await run({ host, chain: "named" })).toMatchObject({ result: "developer" });
    expect(await run({ host, machine: onAzure() })).toMatchObject({ result: "developer", seconds: 7 });
    expect(await run({ host, machine: onAzure(), chain: "named" })).toMatchObject({ result: "host-unavailable" });
  });
});

describe("Cloud Shell without tokens for a resource", () => {
  const host = () => json(400, { error: { code: "AudienceNotSupported", message: "Audience is not supported." } });

  it.each(["default", "named"] as const)("leaves it to az, which has the same user, in a chain: %s", async (chain) => {
    expect(await run({ env: cloudShell, host, chain })).toMatchObject({ result: "developer" });
  });

  it("alone says to run az login", async () => {
    const { error } = await run({ env: cloudShell, host, chain: "alone" });
    expect(error).toMatchObject({ code: "unsupported-audience", remedy: "Run: az login" });
    expect(error.message).toContain('"AudienceNotSupported: Audience is not supported"');
  });
});

describe("a host that reads the first request and never answers it", () => {
  const silentOnce: Behavior = (request, ms, n) => (n === 1 ? "silence" : token(request, ms, n));

  it.each<[string, Env, number]>([
    ["App Service", appService, 8],
    ["Cloud Shell", cloudShell, 8],
    ["a metadata service that a variable names", namedImds, 3],
    ["the metadata service of a container group", containerGroup, 3],
  ])(
    "a host that reads the first request and never answers it is asked again on a fresh connection: %s",
    async (_, env, seconds) => {
      expect(await run({ env, host: silentOnce })).toMatchObject({ result: "opaque", seconds });
    },
  );

  it("a host that reads the first request and never answers it is judged once when it is the metadata service, and nothing names it", async () => {
    const onMachine = await run({ host: silentOnce, machine: onAzure(), chain: "alone" });
    expect(onMachine).toMatchObject({ result: "timeout", seconds: 9 });
    expect(onMachine.requests).toHaveLength(1);
    expect(await run({ host: silentOnce })).toMatchObject({ result: "developer", seconds: 1 });
  });
});

describe("a host that listens 12 s after the first call", () => {
  const late: Behavior = (request, ms, n) => (ms < 12_000 ? refused : token(request, ms, n));

  it.each<[string, Env]>([
    ["App Service", appService],
    ["Cloud Shell", cloudShell],
  ])(
    "a host that listens 12 s after the first call is asked until then when it starts beside the program: %s",
    async (_, env) => {
      expect(await run({ env, host: late })).toMatchObject({ result: "opaque", seconds: 15 });
    },
  );

  it.each<[string, Env]>([
    ["that a variable names", namedImds],
    ["of a container group", containerGroup],
  ])(
    "a metadata service that listens 12 s after the first call is reported before, not waited for: %s",
    async (_, env) => {
      expect(await run({ env, host: late })).toMatchObject({ result: "unreachable", seconds: 7 });
    },
  );

  it.each<[string, Env, number]>([
    ["App Service", appService, 30],
    ["Cloud Shell", cloudShell, 30],
    ["a metadata service that a variable names", namedImds, 10],
  ])(
    "a host that never listens or never answers is an error in time, whatever the jitter: %s",
    async (_, env, limit) => {
      for (const reply of [refused, "silence"] as const) {
        for (const jitter of [0, 0.5, 0.9, 0.999]) {
          const { result, seconds } = await run({ env, host: () => reply, jitter });
          expect(result).toBe(reply === "silence" ? "timeout" : "unreachable");
          expect(seconds).toBeLessThanOrEqual(limit);
        }
      }
    },
  );

  it("a host that listens 12 s after the first call is reported once in the log while it is asked again", async () => {
    const { warnings } = await run({ env: appService, host: late });
    expect(warnings.filter((text) => text.includes("it is asked again"))).toHaveLength(1);
    expect((await run({ host: late, machine: onAzure() })).warnings).toEqual([]);
  });

  it("a host that listens 12 s after the first call is not waited for when nothing names it", async () => {
    expect(await run({ host: late, machine: onAzure() })).toMatchObject({ result: "developer", seconds: 7 });
  });
});

describe("a host that has not the identity of the request", () => {
  it.each<[string, Env, FakeReply]>([
    ["App Service", appService, json(400, { message: "Unable to load the proper Managed Identity." })],
    ["App Service", appService, json(400, { message: "No Managed Identity found for specified ClientId." })],
    ["a machine with several", namedImds, oauthError("Multiple user assigned identities exist, please specify one")],
  ])("a host that has not the identity of the request says how to name one: %s", async (_, env, reply) => {
    const { result, error } = await run({ env, host: () => reply });
    expect(result).toBe("identity-not-found");
    for (const name of ["clientId", "AZURE_CLIENT_ID"]) expect(error.remedy).toContain(name);
  });
});

it.each<[string, Env]>([
  ["AZURE_CLIENT_ID", { ...appService, AZURE_CLIENT_ID: "c4n4ry\n" }],
  ["IDENTITY_HEADER", { ...appService, IDENTITY_HEADER: "'c4n4ry'" }],
  ["MSI_SECRET", { MSI_ENDPOINT: "http://localhost:1/", MSI_SECRET: "c4n4ry\r\n" }],
])("a variable that holds a line break or quotation marks is named, never shown: %s", async (name, env) => {
  const { result, error, requests } = await run({ env, host: token });
  expect([result, requests.length]).toEqual(["malformed-variable", 0]);
  expect(error.message.split("\n")[0]).toContain(name);
  expect(error.message).not.toContain("c4n4ry");
});

it("a token that has expired already advises to check the clock", async () => {
  const host = () => tokenAnswer(createFakeClock().now() - 7_200_000);
  const { error } = await run({ env: appService, host });
  expect(error.code).toBe("invalid-token-response");
  expect(error.remedy).toMatch(/^Check this machine's clock: it shows \d{4}-\d\d-\d\dT\d\d:\d\d UTC\.$/);
});

it("a container that reaches the agent of Azure Arc by another name gets the advice to use host networking", async () => {
  const url = "http://host.docker.internal:40342/metadata/identity/oauth2/token";
  const env = { IDENTITY_ENDPOINT: url, IMDS_ENDPOINT: "http://host.docker.internal:40342" };
  const { result, error, requests } = await run({ env, host: token });
  expect([result, requests.length]).toEqual(["malformed-endpoint", 0]);
  expect(error.remedy).toContain("host networking");
});

it("a long Retry-After is said in words, and a redirect names its target", async () => {
  const throttled = { status: 429, headers: { "retry-after": "600" }, body: '{"error":"too_many_requests"}' };
  const waiting = await run({ env: appService, host: () => throttled, chain: "alone" });
  expect(waiting.error.message).toMatch(/It may be asked again in 10 minutes\.$/);
  const hotel = { status: 302, headers: { location: "https://portal.hotel.example/sign-in?secret=c4n4ry" } };
  const { error } = await run({ env: appService, host: () => hotel, chain: "alone" });
  expect(error.message).toContain('a redirect to "https://portal.hotel.example".');
  expect(error.message).not.toContain("c4n4ry");
});

describe("docs/managed-identity.md says how long a failure takes:", () => {
  const page = readFileSync(new URL("../../../docs/managed-identity.md", import.meta.url), "utf8");
  const [, table = ""] = /^\| host +\| what happens.*\n.*\n((?:\|.*\n)+)/m.exec(page) ?? [];
  const rows = table
    .trimEnd()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));

  const places: Readonly<Record<string, readonly Pick<Program, "env" | "machine">[]>> = {
    "configured, other than metadata service": [{ env: appService }, { env: cloudShell }],
    "configured metadata service": [{ env: namedImds }, { env: containerGroup }],
    configured: [{ env: appService }, { env: namedImds }],
    "guessed metadata service, machine": [{ machine: onAzure() }],
    "guessed metadata service, none": [{}],
  };
  const replies: Readonly<Record<string, readonly FakeReply[]>> = {
    "no response": ["silence"],
    "the connection is refused or reset": [refused],
    "404, 408, 429 or 5xx": [404, 408, 429, 500, 503].map((status) => ({ status })),
    "410": [{ status: 410 }],
    "the connection is refused, 404": [refused, { status: 404 }],
    "no response to the probe, refused, 404": ["silence", refused, { status: 404 }],
  };

  it.each(rows)("%s%s: %s", async (_, place = "", what = "", attempts = "", fails = "") => {
    const limit = Number.parseInt(fails, 10);
    const count = /^\d+(?=$|,)/.exec(attempts)?.[0];
    const took: number[] = [];
    for (const where of places[place] ?? []) {
      for (const reply of replies[what] ?? []) {
        const { seconds, requests } = await run({ ...where, host: () => reply });
        took.push(seconds);
        if (count !== undefined) expect(requests).toHaveLength(Number(count));
      }
    }
    expect(Math.max(...took)).toBeLessThanOrEqual(limit);
    expect(Math.max(...took)).toBeGreaterThanOrEqual(limit * 0.93);
  });
});
