/** The source `relay`, against the emulator's relay and against servers that are wrong. */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf, everythingShown } from "@azidentity/test-support";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { afterDeadline, answering, serve } from "./faulty-server.ts";
import { createMachine, failure, identityOn, later, scope } from "./machine.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { relay: {} } });
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.requests.clear();
});
afterAll(() => emulator.close());

const key = "k3y-of-the-relay";
const token = { version: 1, token: "T", tokenType: "Bearer", expiresOn: later };
/** How asking a server ends. */
const askAt = (url: string, overrides = {}) =>
  failure(
    identityOn({ AZIDENTITY_RELAY_URL: url, AZIDENTITY_RELAY_KEY: key }, {}, overrides)
      .credential("relay")
      .getToken(scope),
  );

describe("relay", () => {
  it("gets tokens of the relay that its two variables name, in the default chain", async () => {
    const identity = identityOn(emulator.env("relay"));
    const { token: text } = await identity.getToken(scope);
    expect(claimsOf(text)).toMatchObject({ oid: emulator.host("relay").systemAssigned?.objectId });
    await identity.getToken(scope);
    const [request, ...others] = emulator.requests.to("/token");
    expect(others).toEqual([]);
    expect(request).toMatchObject({ method: "POST", status: 200, headers: { authorization: "***" } });
  });

  it("sends the name of the relay in whose process it runs, and nothing else in its place", async () => {
    const server = await serve((_, response) => response.end(JSON.stringify(token)));
    const ask = (via: string) =>
      identityOn({ AZIDENTITY_RELAY_VIA: via }).credential("relay", { url: server.url, key }).getToken(scope);
    await ask("1.1 azid-1, 1.1 azid-2");
    await ask("1.1 a\r\nauthorization: none");
    expect(server.requests.map(({ headers }) => headers.via)).toEqual(["1.1 azid-1, 1.1 azid-2", undefined]);
  });

  it("sends the document of the contract, with tenant, claims and CAE", async () => {
    const bodies: string[] = [];
    const server = await serve((request, response) => {
      request.setEncoding("utf8").on("data", (text) => bodies.push(text));
      request.on("end", () => response.end(JSON.stringify(token)));
    });
    const credential = identityOn({}).credential("relay", { url: `${server.url}/team/`, key });
    await credential.getToken(scope, { tenantId: "contoso.com", enableCae: true, claims: '{"access_token":{}}' });
    expect(bodies.map((body) => JSON.parse(body))).toEqual([
      {
        version: 1,
        scopes: [scope],
        tenantId: "contoso.com",
        claims: '{"access_token":{}}',
        enableCae: true,
        correlationId: expect.stringMatching(/^[\da-f-]{36}$/),
      },
    ]);
    const [{ url, headers } = {} as never] = server.requests;
    expect(url).toBe("/team/token");
    expect(headers).toMatchObject({ authorization: `Bearer ${key}`, "content-type": "application/json" });
    expect(headers).not.toHaveProperty("origin");
  });

  it("is absent while one of its variables is missing", async () => {
    const { AZIDENTITY_RELAY_URL = "", AZIDENTITY_RELAY_KEY = "" } = emulator.env("relay");
    for (const env of [{}, { AZIDENTITY_RELAY_URL }, { AZIDENTITY_RELAY_KEY }] as Record<string, string>[]) {
      const error = await failure(identityOn(env).credential("relay").getToken(scope));
      expect(error).toMatchObject({ code: "not-configured" });
      expect(error.message).toMatch(/AZIDENTITY_RELAY_(URL|KEY) is not set/);
    }
  });

  it("is not loaded in production, where its user would be a developer", async () => {
    const error = await failure(identityOn(emulator.env("relay"), { mode: "production" }).getToken(scope));
    expect(error).toMatchObject({ code: "no-credential-available" });
    expect(emulator.requests.to("/token")).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("goes over a Unix socket, in a folder that is the user's", async () => {
    const { home } = createMachine();
    const folder = join(home, "run");
    mkdirSync(folder, { mode: 0o700 });
    const path = join(folder, "s");
    const server = await serve(answering(200, token), path);
    chmodSync(path, 0o600);
    const credential = () => identityOn({}).credential("relay", { url: `unix:${path}`, key });
    expect((await credential().getToken(scope)).token).toBe("T");
    chmodSync(folder, 0o777);
    const error = await failure(credential().getToken(scope));
    expect(error).toMatchObject({ code: "untrusted-path", remedy: expect.stringMatching(/^Run: chmod/) });
    expect(server.requests).toHaveLength(1);
    chmodSync(folder, 0o700);
    await server.close();
    expect(await failure(credential().getToken(scope))).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining(`No answer from ${path}`),
    });
  });

  describe("refuses", () => {
    it("a wrong key, with what to do", async () => {
      const { AZIDENTITY_RELAY_URL = "" } = emulator.env("relay");
      const error = await askAt(AZIDENTITY_RELAY_URL);
      expect(error).toMatchObject({ code: "key-refused", outcome: "misconfigured", statusCode: 401 });
      expect(error.remedy).toContain("Set AZIDENTITY_RELAY_KEY");
    });

    it("a key that was damaged on its way into the environment", async () => {
      const env = { ...emulator.env("relay"), AZIDENTITY_RELAY_KEY: "k\n" };
      const error = await failure(identityOn(env).credential("relay").getToken(scope));
      expect(error).toMatchObject({ code: "malformed-variable" });
      expect(emulator.requests.to("/token")).toEqual([]);
    });

    it("a scope that the relay does not allow, and another tenant", async () => {
      const { credential } = identityOn(emulator.env("relay"));
      const foreign = failure(credential("relay").getToken("https://unknown.example/.default"));
      expect(await foreign).toMatchObject({
        code: "rejected",
        outcome: "rejected",
        statusCode: 403,
        message: expect.stringContaining("reported scope-not-allowed"),
      });
      const tenantId = "33333333-3333-4333-8333-333333333333";
      expect(await failure(credential("relay").getToken(scope, { tenantId }))).toMatchObject({
        code: "rejected",
        message: expect.stringContaining("reported tenant-not-allowed"),
      });
    });

    it("a token of another tenant than the requested one", async () => {
      const other = "22222222-2222-4222-8222-222222222222";
      const server = await serve(answering(200, { ...token, principal: { tenantId: other } }));
      const credential = identityOn({}).credential("relay", { url: server.url, key });
      const tenantId = "11111111-1111-4111-8111-111111111111";
      expect(await failure(credential.getToken(scope, { tenantId }))).toMatchObject({ code: "other-tenant" });
    });

    it.each([
      ["a page", 200, "<html>Sign in</html>", { code: "unexpected-answer", outcome: "failed" }, "does not begin with"],
      ["an empty answer", 200, "", { code: "unexpected-answer" }, "is empty"],
      ["another version", 200, { ...token, version: 2 }, { code: "unexpected-answer" }, "another one than 1"],
      ["a token that is not a success", 500, token, { code: "unexpected-answer" }, "HTTP 500"],
      ["an expired token", 200, { ...token, expiresOn: 1 }, { code: "invalid-token" }, "expired"],
      ["a token with control characters", 200, { ...token, token: "T\u0007" }, { code: "unexpected-answer" }, "header"],
      ["status 401 without a document", 401, "", { code: "key-refused" }, "HTTP 401"],
      ["status 403 without a document", 403, "no", { code: "rejected" }, "HTTP 403"],
      ["status 404 without a document", 404, "no", { code: "unexpected-answer" }, "HTTP 404"],
      ["an answer of 2 MB", 200, "x".repeat(2_000_000), { code: "answer-too-large" }, "longer than"],
    ] as const)("%s", async (_, status, body, expected, message) => {
      const server = await serve(answering(status, body));
      const error = await askAt(server.url);
      expect(error).toMatchObject(expected);
      expect(error.message).toMatch(/^relay: /);
      expect(error.message).toContain(message);
      expect(error.message).not.toContain(key);
    });

    it("a redirect, which would take the key elsewhere", async () => {
      const target = await serve(answering(200, token));
      const server = await serve(answering(307, "", { location: `${target.url}/token` }));
      const error = await askAt(server.url);
      expect(error).toMatchObject({ code: "unexpected-answer", statusCode: 307 });
      expect(error.message).toContain("a redirect, which is not followed");
      expect(target.requests).toEqual([]);
    });

    it("a request over plain http to another machine", async () => {
      for (const url of ["http://192.0.2.1:8080", "http://10.0.0.1"]) {
        expect(await askAt(url)).toMatchObject({
          code: "unexpected-address",
          message: expect.stringMatching(/^relay: .* Use https/),
        });
      }
      expect(await askAt("ftp://127.0.0.1")).toMatchObject({ code: "malformed-endpoint" });
    });
  });

  it("a relay that is gone is unreachable at once, with the command that starts it", async () => {
    const server = await serve(answering(200, token));
    await server.close();
    const error = await askAt(server.url);
    expect(error).toMatchObject({ code: "unreachable", outcome: "unreachable" });
    expect(error.message).toContain("Start it with: azid serve");
  });

  it("a relay that is slow ends at the deadline", async () => {
    expect(await afterDeadline(askAt)).toMatchObject({ code: "timeout" });
  });

  it("a relay that asks for a delay is throttled for as long", async () => {
    const error = { code: "throttled", message: "Wait.", retryAfter: 30 };
    const server = await serve(answering(429, { version: 1, error }));
    expect(await askAt(server.url)).toMatchObject({ outcome: "throttled", retryAfterMs: 30_000 });
    const bare = await serve(answering(429, "", { "retry-after": "7" }));
    expect(await askAt(bare.url)).toMatchObject({ outcome: "throttled", retryAfterMs: 7_000 });
  });

  it("the user of the relay is not signed in", async () => {
    await using signedOut = await startEmulator({ hosts: { relay: { systemAssigned: false } } });
    expect(await failure(identityOn(signedOut.env("relay")).credential("relay").getToken(scope))).toMatchObject({
      code: "not-signed-in",
      statusCode: 424,
    });
  });

  it("a relay that repeats the key shows it nowhere", async () => {
    const server = await serve((request, response) => {
      const error = { code: "failed", message: `You sent ${request.headers.authorization}`, remedy: `Use ${key}` };
      response.writeHead(502).end(JSON.stringify({ version: 1, error }));
    });
    const shown = await everythingShown(async (see) => {
      const logger = { error: see, warn: see, info: see, debug: see };
      const env = { AZIDENTITY_RELAY_URL: server.url, AZIDENTITY_RELAY_KEY: key };
      const identity = identityOn(env, { log: { level: "debug" } }, { logger });
      see(await failure(identity.getToken(scope)));
    });
    expect(shown).toContain("reported failed");
    expect(shown).not.toContain(key);
  });
});
