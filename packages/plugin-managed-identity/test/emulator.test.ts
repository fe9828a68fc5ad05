import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createIdentity } from "@azidentity/core";
import { definePlugin, type Http, outcomeError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, type FakeReply } from "@azidentity/core/testing";
import { type Emulator, type Fault, startEmulator } from "@azidentity/emulator";
import { createDeveloper } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hosts as knownHosts } from "../src/hosts.ts";
import type { Machine } from "../src/machine.ts";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { workloadIdentity } from "../src/sources/workload-identity.ts";
import { azureTag, errorOf, fakeMachine } from "./support.ts";

const scope = "https://vault.azure.net/.default";
const userAssigned = [{}, {}];
let emulator: Emulator;
let opened: ReturnType<typeof createIdentity>[] = [];

beforeAll(async () => {
  emulator = await startEmulator({
    hosts: {
      imds: { userAssigned },
      "app-service": { userAssigned },
      functions: {},
      "container-apps": {},
      "container-instances": {},
      "azure-arc": { userAssigned },
      "cloud-shell": {},
      "service-fabric": {},
      "azure-ml": { userAssigned },
    },
  });
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.requests.clear();
});
afterEach(async () => {
  await Promise.all(opened.map((identity) => identity.close()));
  opened = [];
});
afterAll(() => emulator.close());

/** A developer who is signed in to the Azure CLI. */
const azureCli = createDeveloper("developers-token").source;

const responseTimeouts = new Set(knownHosts.flatMap(({ requestTimeoutsMs }) => requestTimeoutsMs));
/** Pauses between attempts are shorter than the deadline of the source. */
const minDeadlineMs = 90_000;

/**
 * A clock on which pauses between attempts pass at once and deadlines do not pass. The response
 * timeout of a host passes only while `fault` makes it hang, as soon as the request has arrived.
 */
function createHurriedClock(fault: Fault = {}) {
  const clock = createFakeClock(Date.now());
  const pauses: number[] = [];
  const sleep = async (ms: number, signal: AbortSignal) => {
    if (responseTimeouts.has(ms) && fault.connection === "hang") {
      await emulator.requests.next();
      return clock.advance(ms);
    }
    if (responseTimeouts.has(ms) || ms >= minDeadlineMs) return clock.sleep(ms, signal);
    pauses.push(ms);
    await clock.advance(ms);
  };
  return { clock: { ...clock, sleep }, pauses };
}

const machineOf = () => fakeMachine({ arcTokenFolder: emulator.host("azure-arc").keyDirectory });

/** An identity with this plugin on a machine, and a developer beside it. */
function open(
  env: Readonly<Record<string, string>>,
  machine: Machine = machineOf(),
  settings: object = {},
  overrides: object = {},
) {
  const plugin = definePlugin({
    name: "test",
    sources: [workloadIdentity, createManagedIdentitySource(machine), azureCli],
  });
  const identity = createIdentity(
    { config: false, plugins: [plugin], http: { caFile: emulator.caCertificateFile }, ...settings },
    { env, random: () => 0, ...overrides },
  );
  opened.push(identity);
  return identity;
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

const hosts = [
  "imds",
  "app-service",
  "functions",
  "container-apps",
  "container-instances",
  "azure-arc",
  "cloud-shell",
  "service-fabric",
  "azure-ml",
] as const;

it.each(hosts)("%s issues a token of its own identity, and the walk names the host", async (name) => {
  const identity = open(emulator.env(name));
  const { token } = await identity.getToken(scope);
  const { systemAssigned } = emulator.host(name);
  expect(claimsOf(token).oid).toBe(systemAssigned?.objectId);
  const protocols: Readonly<Record<string, string>> = {
    functions: "app-service",
    "container-apps": "app-service",
    "container-instances": "imds",
  };
  const kind = protocols[name] ?? name;
  expect(identity.explain.last).toMatchObject({ winner: "managed-identity" });
  expect(identity.explain.last?.attempts.at(-1)?.reason).toMatch(new RegExp(`^${kind}: `));
});

it.each([
  ["imds", "clientId"],
  ["imds", "objectId"],
  ["imds", "resourceId"],
  ["app-service", "clientId"],
  ["app-service", "objectId"],
  ["app-service", "resourceId"],
  ["azure-arc", "clientId"],
  ["azure-arc", "objectId"],
  ["azure-arc", "resourceId"],
  ["azure-ml", "clientId"],
] as const)("%s issues a token of the identity that %s names", async (name, kind) => {
  const wanted = emulator.host(name).userAssigned[1];
  const { token } = await open(emulator.env(name))
    .credential("managed-identity", { [kind]: wanted?.[kind] })
    .getToken(scope);
  expect(claimsOf(token).oid).toBe(wanted?.objectId);
});

it("AZURE_CLIENT_ID names the identity in the default chain, and null selects the system-assigned one", async () => {
  const { userAssigned: assigned, systemAssigned } = emulator.host("app-service");
  const env = { ...emulator.env("app-service"), AZURE_CLIENT_ID: assigned[0]?.clientId ?? "" };
  const { token } = await open(env).getToken(scope);
  expect(claimsOf(token).oid).toBe(assigned[0]?.objectId);
  const own = await open(env, machineOf(), { sources: { "managed-identity": { clientId: null } } }).getToken(scope);
  expect(claimsOf(own.token).oid).toBe(systemAssigned?.objectId);
});

it.each(hosts)(
  "a reset connection or a missing response of %s fails the acquisition, and no other source is tried",
  async (name) => {
    for (const connection of ["reset", "hang"] as const) {
      const { clock } = createHurriedClock({ connection });
      emulator.faults.add({ service: name, connection, times: Number.POSITIVE_INFINITY });
      const error = await errorOf(open(emulator.env(name), machineOf(), {}, { clock }).getToken(scope));
      expect(error.outcome).toBe(connection === "reset" ? "unreachable" : "timeout");
      emulator.faults.clear();
    }
  },
);

it.each(hosts)("%s that never answers the first request is asked again, and issues a token", async (name) => {
  let hanging = 1;
  const { clock } = createHurriedClock({
    get connection() {
      return hanging-- > 0 ? "hang" : undefined;
    },
  } as Fault);
  emulator.faults.add({ service: name, connection: "hang" });
  const request = open(emulator.env(name), machineOf(), {}, { clock }).getToken(scope);
  expect(claimsOf((await request).token).oid).toBe(emulator.host(name).systemAssigned?.objectId);
});

it("App Service that listens only after three attempts issues a token", async () => {
  let server: ReturnType<typeof createServer> | undefined;
  const reserved = createServer().listen(0, "127.0.0.1");
  await once(reserved, "listening");
  const { port } = reserved.address() as AddressInfo;
  await new Promise((resolve) => reserved.close(resolve));
  const { clock, pauses } = createHurriedClock();
  const sleep = async (ms: number, signal: AbortSignal) => {
    await clock.sleep(ms, signal);
    if (pauses.length < 3 || server !== undefined) return;
    const body = JSON.stringify({ access_token: "late", expires_on: Math.floor(Date.now() / 1000) + 3_600 });
    server = createServer((_, response) => response.end(body)).listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const env = { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: "secret" };
  try {
    const { token } = await open(env, machineOf(), {}, { clock: { ...clock, sleep } }).getToken(scope);
    expect(token).toBe("late");
  } finally {
    server?.close();
  }
});

it("a host with user-assigned identities alone says to name one, until one is named", async () => {
  const assigned = { systemAssigned: false, userAssigned: [{}, {}] };
  await using own = await startEmulator({ hosts: { imds: assigned, "app-service": assigned } });
  for (const name of ["imds", "app-service"] as const) {
    const error = await errorOf(open(own.env(name)).getToken(scope));
    expect(error).toMatchObject({ outcome: "rejected", code: "identity-not-found" });
    expect(error.remedy).toContain("AZURE_CLIENT_ID");
    const { clientId = "", objectId } = own.host(name).userAssigned[1] ?? {};
    const { token } = await open({ ...own.env(name), AZURE_CLIENT_ID: clientId }).getToken(scope);
    expect(claimsOf(token).oid).toBe(objectId);
  }
});

it("Cloud Shell leaves a resource that it does not serve to the developer's source, which has the same user", async () => {
  const identity = open(emulator.env("cloud-shell"));
  expect((await identity.getToken("https://unknown.example/.default")).token).toBe("developers-token");
  expect(identity.explain.last?.attempts.at(-2)?.code).toBe("unsupported-audience");
});

it.each([
  "seconds",
  "seconds-text",
  "iso-8601",
  "us-date",
  "us-date-24-hour",
  "expires-in",
  "expires-in-text",
  "relative",
] as const)("the expiry of a token in the form %s is read", async (expiry) => {
  emulator.faults.add({ service: "app-service", expiry });
  const { token, expiresOnTimestamp } = await open(emulator.env("app-service")).getToken(scope);
  expect(Math.abs(expiresOnTimestamp - claimsOf(token).exp * 1_000)).toBeLessThan(5_000);
});

it.each(["milliseconds", "past", "none"] as const)(
  "the expiry of a token in the form %s is refused",
  async (expiry) => {
    emulator.faults.add({ service: "app-service", expiry });
    expect(await errorOf(open(emulator.env("app-service")).getToken(scope))).toMatchObject({
      code: "invalid-token-response",
    });
  },
);

it.each<[string, Fault, string]>([
  ["HTML", { body: "<h1>Hotel</h1>" }, "invalid-token-response"],
  ["nothing", { body: "" }, "invalid-token-response"],
  ["half of a token", { body: '{"access_token":"abc' }, "invalid-token-response"],
  ["ten megabytes", { body: "x".repeat(10_000_000) }, "answer-too-large"],
  ["bytes that are not UTF-8", { body: Uint8Array.from([0xff, 0xfe, 0x7b, 0x7d]) }, "invalid-token-response"],
  ["no token", { rewrite: { access_token: undefined } }, "invalid-token-response"],
  ["a redirect", { status: 302, headers: { Location: "http://127.0.0.1:1/" } }, "unexpected-answer"],
])("a response without a token that holds %s fails the acquisition", async (_, fault, code) => {
  emulator.faults.add({ service: "app-service", ...fault });
  expect(await errorOf(open(emulator.env("app-service")).getToken(scope))).toMatchObject({ outcome: "failed", code });
  expect(emulator.requests).toHaveLength(1);
});

it.each(["azure-arc", "azure-arc-quoted", "azure-arc-line-break", "azure-arc-largest", "azure-arc-parameter"] as const)(
  "managed-identity on Azure Arc follows the challenge %s",
  async (challenge) => {
    emulator.faults.add({ service: "azure-arc", challenge });
    await open(emulator.env("azure-arc")).getToken(scope);
    expect(emulator.requests.map(({ status }) => status)).toEqual([401, 200]);
  },
);

it.each<[NonNullable<Fault["challenge"]>, string, string]>([
  ["azure-arc-bearer", "failed", "arc-challenge"],
  ["azure-arc-no-realm", "failed", "arc-challenge"],
  ["azure-arc-elsewhere", "failed", "arc-key-refused"],
  ["azure-arc-parent", "failed", "arc-key-refused"],
  ["azure-arc-symlink", "failed", "arc-key-refused"],
  ["azure-arc-directory", "failed", "arc-key-refused"],
  ["azure-arc-no-extension", "failed", "arc-key-refused"],
  ["azure-arc-oversize", "failed", "arc-key-refused"],
  ["azure-arc-empty", "failed", "arc-key-refused"],
  ["azure-arc-missing", "misconfigured", "arc-key-unreadable"],
])("managed-identity on Azure Arc does not follow %s", async (challenge, outcome, code) => {
  emulator.faults.add({ service: "azure-arc", challenge });
  const error = await errorOf(open(emulator.env("azure-arc")).getToken(scope));
  expect(error).toMatchObject({ outcome, code });
  expect(emulator.requests).toHaveLength(1);
});

it("managed-identity on Azure Arc fails at a second challenge", async () => {
  emulator.faults.add({ service: "azure-arc", challenge: "azure-arc", times: 9 });
  expect(await errorOf(open(emulator.env("azure-arc")).getToken(scope))).toMatchObject({
    outcome: "rejected",
    statusCode: 401,
  });
  expect(emulator.requests).toHaveLength(2);
});

it("managed-identity on Azure Arc discards the token of an agent that does not name the identity", async () => {
  await using old = await startEmulator({ hosts: { "azure-arc": { userAssigned, legacyAgent: true } } });
  const { keyDirectory, userAssigned: assigned } = old.host("azure-arc");
  const machine = fakeMachine({ arcTokenFolder: keyDirectory });
  const credential = open(old.env("azure-arc"), machine).credential("managed-identity", {
    clientId: assigned[0]?.clientId,
  });
  expect(await errorOf(credential.getToken(scope))).toMatchObject({
    outcome: "rejected",
    code: "unconfirmed-identity",
  });
  expect((await open(old.env("azure-arc"), machine).getToken(scope)).token).not.toBe("");
});

it("managed-identity on Service Fabric sends no secret when the certificate has another thumbprint", async () => {
  const env = { ...emulator.env("service-fabric"), IDENTITY_SERVER_THUMBPRINT: "00".repeat(20) };
  expect(await errorOf(open(env).getToken(scope))).toMatchObject({ code: "unexpected-certificate" });
  expect(emulator.requests).toHaveLength(0);
});

it("a wrapper around HTTP keeps the certificate that Service Fabric pins", async () => {
  const seen: unknown[] = [];
  const http = (next: Http): Http => ({
    send(request, signal) {
      seen.push(request.tls?.pin?.thumbprint);
      return next.send({ ...request, headers: { ...request.headers, "x-policy": "yes" } }, signal);
    },
  });
  const env = emulator.env("service-fabric");
  const wrapped = open({}).with({}, { env, http });
  expect(claimsOf((await wrapped.getToken(scope)).token).oid).toBe(
    emulator.host("service-fabric").systemAssigned?.objectId,
  );
  expect(seen).toEqual([env.IDENTITY_SERVER_THUMBPRINT]);
  expect(emulator.requests.at(-1)?.headers["x-policy"]).toBe("yes");
  const other = open({}).with({}, { env: { ...env, IDENTITY_SERVER_THUMBPRINT: "00".repeat(20) }, http });
  emulator.requests.clear();
  expect(await errorOf(other.getToken(scope))).toMatchObject({ code: "unexpected-certificate" });
  expect(emulator.requests).toHaveLength(0);
});

it("managed-identity on Service Fabric sends the hash of the refused token", async () => {
  const identity = open(emulator.env("service-fabric"));
  const { token } = await identity.getToken(scope, { enableCae: true });
  const next = await identity.getToken(scope, {
    enableCae: true,
    claims: '{"access_token":{"nbf":{"essential":true}}}',
  });
  expect(next.token).not.toBe(token);
  expect((await identity.getToken(scope, { enableCae: true })).token).toBe(next.token);
  expect(emulator.requests).toHaveLength(2);
});

describe("a host that caches tokens", () => {
  const claims = '{"access_token":{"nbf":{"essential":true}}}';
  const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

  it("a host that caches tokens receives the hash of each refused token in App Service's protocol", async () => {
    await using caching = await startEmulator({ hosts: { "app-service": { cacheTokens: true } } });
    const identity = open(caching.env("app-service"));
    const tokens = [(await identity.getToken(scope, { enableCae: true })).token];
    for (let n = 0; n < 2; n++) tokens.push((await identity.getToken(scope, { enableCae: true, claims })).token);
    expect(new Set(tokens).size).toBe(3);
    expect(
      caching.requests.map(({ url }) => new URL(url).searchParams.get("token_sha256_to_refresh") ?? undefined),
    ).toEqual([undefined, ...tokens.slice(0, 2).map(hashOf)]);
    expect(JSON.stringify(caching.requests)).not.toContain("essential");
  });

  it("a host that caches tokens returns the refused token again where its protocol has no such parameter, and a warning is logged", async () => {
    await using caching = await startEmulator({ hosts: { imds: { cacheTokens: true } } });
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const logger = { error: warn, warn, info: () => undefined, debug: () => undefined };
    const identity = open(caching.env("imds"), machineOf(), { log: { level: "warn" } }, { logger });
    const { token } = await identity.getToken(scope, { enableCae: true });
    expect((await identity.getToken(scope, { enableCae: true, claims })).token).toBe(token);
    expect(warnings.filter((line) => line.includes("refused"))).toHaveLength(1);
  });
});

it("no token request goes through a proxy", async () => {
  let reached = 0;
  const proxy = createServer((_, response) => {
    reached++;
    response.end();
  });
  proxy.on("connect", (_, socket) => {
    reached++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  try {
    for (const name of hosts) {
      await open({ ...emulator.env(name), HTTP_PROXY: url, HTTPS_PROXY: url }).getToken(scope);
    }
    expect(reached).toBe(0);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

describe("when the metadata service fails and a developer is signed in to the Azure CLI", () => {
  const faults: [string, Fault, string][] = [
    [
      "400 with another text",
      { status: 400, body: { error: "invalid_request", error_description: "Bad" } },
      "host-refused",
    ],
    ["403", { status: 403 }, "no-metadata-service"],
    ["404", { status: 404 }, "host-unavailable"],
    ["410", { status: 410 }, "host-unavailable"],
    ["429", { status: 429 }, "throttled"],
    ["500", { status: 500 }, "host-unavailable"],
    ["a hang", { connection: "hang" }, "timeout"],
    ["a reset", { connection: "reset" }, "unreachable"],
  ];
  it.each(faults)(
    "when the metadata service fails and a developer is signed in to the Azure CLI %s does not lead to the developer's token",
    async (_, fault, code) => {
      const { clock } = createHurriedClock(fault);
      emulator.faults.add({ service: "imds", times: Number.POSITIVE_INFINITY, ...fault });
      const error = await errorOf(open(emulator.env("imds"), machineOf(), {}, { clock }).getToken(scope));
      expect(error.code).toBe(code);
    },
  );

  it.each([
    ["404", { status: 404 }, [1_000, 2_000, 4_000]],
    ["429 without Retry-After", { status: 429 }, [1_000, 2_000, 4_000]],
    ["429 with Retry-After", { status: 429, headers: { "Retry-After": "7" } }, [7_000, 7_000, 7_000]],
    ["500", { status: 500 }, [1_000, 2_000, 4_000]],
  ] as const)(
    "when the metadata service fails and a developer is signed in to the Azure CLI %s is retried as the table specifies",
    async (_, fault, expected) => {
      const { clock, pauses } = createHurriedClock();
      emulator.faults.add({ service: "imds", times: Number.POSITIVE_INFINITY, ...fault });
      await errorOf(open(emulator.env("imds"), machineOf(), {}, { clock }).getToken(scope));
      expect(pauses).toEqual(expected);
    },
  );

  it("when the metadata service fails and a developer is signed in to the Azure CLI 410 is retried for 70 seconds", async () => {
    const { clock, pauses } = createHurriedClock();
    emulator.faults.add({ service: "imds", times: Number.POSITIVE_INFINITY, status: 410 });
    await errorOf(open(emulator.env("imds"), machineOf(), {}, { clock }).getToken(scope));
    const total = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(total).toBeGreaterThanOrEqual(70_000);
    expect(total).toBeLessThan(80_000);
  });

  it("a metadata service that a variable names and that resets connections is reported within 10 s", async () => {
    const { clock, pauses } = createHurriedClock();
    emulator.faults.add({ service: "imds", times: Number.POSITIVE_INFINITY, connection: "reset" });
    await errorOf(open(emulator.env("imds"), machineOf(), {}, { clock }).getToken(scope));
    const total = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(pauses).toHaveLength(3);
    expect(total).toBeLessThan(10_000);
  });

  it("when the metadata service fails and a developer is signed in to the Azure CLI an aborted call does not wait for the pauses", async () => {
    const controller = new AbortController();
    emulator.faults.add({ service: "imds", connection: "hang" });
    const arrival = emulator.requests.next("/token");
    const token = errorOf(open(emulator.env("imds")).getToken(scope, { abortSignal: controller.signal }));
    await arrival;
    controller.abort();
    expect(await token).toMatchObject({ name: "AbortError" });
  });
});

describe("the default chain", () => {
  it("the default chain uses the developer's token on a development machine in Azure without an identity", async () => {
    await using bare = await startEmulator({ hosts: { imds: { systemAssigned: false } } });
    const identity = open(bare.env("imds"), fakeMachine({ tag: azureTag }));
    expect((await identity.getToken(scope)).token).toBe("developers-token");
    expect(identity.explain.last?.attempts).toContainEqual(
      expect.objectContaining({ source: "managed-identity", outcome: "not-configured", code: "identity-not-found" }),
    );
    const named = open({ ...bare.env("imds"), AZURE_CLIENT_ID: "an-app" }, fakeMachine({ tag: azureTag }));
    expect(await errorOf(named.getToken(scope))).toMatchObject({ outcome: "rejected", code: "identity-not-found" });
  });

  it("the default chain fails after one request in a web app whose AZURE_CLIENT_ID is not assigned to it", async () => {
    const error = await errorOf(open({ ...emulator.env("functions"), AZURE_CLIENT_ID: "an-app" }).getToken(scope));
    expect(error).toMatchObject({ outcome: "rejected", code: "identity-not-found" });
    for (const part of ["app-service", "AZURE_CLIENT_ID", "clientId: null"]) expect(error.message).toContain(part);
    expect(emulator.requests).toHaveLength(1);
  });

  it("the default chain warns in walk and log when a self-hosted runner uses the principal of its Azure machine", async () => {
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const logger = { error: warn, warn, info: () => undefined, debug: () => undefined };
    const identity = open(
      { ...emulator.env("imds"), GITHUB_ACTIONS: "true" },
      machineOf(),
      { log: { level: "warn" } },
      { logger },
    );
    await identity.getToken(scope);
    expect(identity.explain.last?.attempts.at(-1)).toMatchObject({
      outcome: "token",
      reason: expect.stringContaining("GITHUB_ACTIONS"),
    });
    expect(warnings.filter((line) => line.includes("GITHUB_ACTIONS"))).toHaveLength(1);
  });

  describe("on an Azure machine whose metadata service cannot be reached", () => {
    const developer = "developers-token";
    const refused = () => outcomeError("unreachable", "Refused (ECONNREFUSED).");

    /** One token on such a machine, and the seconds that it took on the clock there. */
    async function ask(reply: FakeReply, settings: object = {}) {
      const clock = createFakeClock();
      const http = createFakeHttp(reply);
      const identity = open({}, fakeMachine({ tag: azureTag }), settings, { clock, http });
      const outcome = identity.getToken(scope).catch((error) => error);
      let seconds = 0;
      for (let isOpen = true; isOpen && seconds < 200; seconds++) {
        const pending = Symbol();
        isOpen = (await Promise.race([outcome, clock.advance(0).then(() => pending)])) === pending;
        if (isOpen) await clock.advance(1_000);
      }
      return { outcome: await outcome, seconds: seconds - 1, tries: http.requests.length, walk: identity.explain.last };
    }

    it.each<[string, FakeReply, number, number, string]>([
      ["refused", refused(), 7, 4, "unreachable"],
      ["silent", "silence", 9, 1, "timeout"],
    ])(
      "the default chain on an Azure machine whose metadata service cannot be reached (%s) uses the developer's token after all attempts",
      async (_, reply, seconds, tries, outcome) => {
        const asked = await ask(reply);
        expect(asked).toMatchObject({ outcome: { token: developer }, seconds, tries });
        expect(asked.walk?.attempts).toContainEqual(expect.objectContaining({ source: "managed-identity", outcome }));
      },
    );

    it.each<[string, FakeReply, number]>([
      ["refused", refused(), 4],
      ["silent", "silence", 1],
    ])(
      "the default chain on an Azure machine whose metadata service cannot be reached (%s) uses no other token in production",
      async (_, reply, tries) => {
        const asked = await ask(reply, { mode: "production" });
        expect(asked).toMatchObject({ outcome: { code: expect.any(String) }, tries });
        expect(asked.outcome.token).toBeUndefined();
        expect(asked.walk?.attempts.map(({ source }) => source)).not.toContain("azure-cli");
      },
    );
  });

  it("the default chain sends no probe on a laptop with another chassis tag, and uses the developer's token", async () => {
    const requests: string[] = [];
    const http = {
      async send({ url }: { readonly url: string }) {
        requests.push(url);
        throw new Error("offline");
      },
    };
    const identity = open({}, fakeMachine({ tag: "Default string" }), {}, { http });
    expect((await identity.getToken(scope)).token).toBe("developers-token");
    expect(requests).toEqual([]);
  });

  it("the default chain sends one probe for two tokens on an offline laptop without a chassis tag", async () => {
    const requests: string[] = [];
    const http = {
      async send({ url }: { readonly url: string }) {
        requests.push(url);
        throw Object.assign(new Error("offline"), { code: "ENETUNREACH" });
      },
    };
    const identity = open({}, fakeMachine(), {}, { http });
    await identity.getToken(scope);
    await identity.getToken("https://storage.azure.com/.default");
    expect(identity.explain.last?.winner).toBe("azure-cli");
    expect(requests).toHaveLength(1);
  });

  it("the default chain keeps the current token when its refresh fails", async () => {
    const clock = createFakeClock(Date.now());
    const identity = open(emulator.env("app-service"), machineOf(), {}, { clock });
    const { token } = await identity.getToken(scope);
    emulator.faults.add({ service: "app-service", status: 500, times: Number.POSITIVE_INFINITY });
    await clock.advance(13 * 3_600_000);
    const arrival = emulator.requests.next("/token");
    expect((await identity.getToken(scope)).token).toBe(token);
    await arrival;
    expect((await identity.getToken(scope)).token).toBe(token);
  });

  it("the default chain sends one request for a hundred concurrent callers", async () => {
    const identity = open(emulator.env("app-service"));
    await Promise.all(Array.from({ length: 100 }, () => identity.getToken(scope)));
    expect(emulator.requests).toHaveLength(1);
  });
});

it("the debug log of managed-identity contains no secret", async () => {
  const lines: unknown[] = [];
  const write = (...line: unknown[]) => void lines.push(line);
  const logger = { error: write, warn: write, info: write, debug: write };
  for (const name of ["app-service", "service-fabric", "azure-arc", "azure-ml"] as const) {
    await open(emulator.env(name), machineOf(), { log: { level: "debug" } }, { logger }).getToken(scope);
  }
  const shown = JSON.stringify(lines);
  expect(shown.match(/ 200\b/g)?.length).toBeGreaterThanOrEqual(4);
  const env = { ...emulator.env("app-service"), ...emulator.env("azure-ml") };
  for (const secret of [env.IDENTITY_HEADER, env.MSI_SECRET, emulator.env("service-fabric").IDENTITY_HEADER]) {
    expect(secret).toMatch(/./);
    expect(shown).not.toContain(secret);
  }
  expect(shown).not.toMatch(/eyJ[\w-]{10,}\./);
});
