/** The source `sidecar`, against the emulator and against servers that are wrong. */
import type { RetryTable, SourceContext } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, createTestRequest } from "@azidentity/core/testing";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf, sourceContext } from "@azidentity/test-support";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sidecar } from "../src/sidecar/source.ts";
import { afterDeadline, answering, serve } from "./faulty-server.ts";
import { failure, identityOn, jwt, later, scope } from "./machine.ts";

const agent = "99999999-9999-4999-8999-999999999999";
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { sidecar: { userAssigned: [{ clientId: agent }] } } });
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.requests.clear();
});
afterAll(() => emulator.close());

const header = { authorizationHeader: `Bearer ${jwt({ oid: "o", exp: later })}` };
const once = { retry: { maxRetries: 0 } } as const;
const askAt = (url: string) => failure(identityOn({}, { http: once }).credential("sidecar", { url }).getToken(scope));

describe("sidecar", () => {
  it("gets tokens of the application of the sidecar, with the expiry of the token", async () => {
    const { token, expiresOnTimestamp } = await identityOn(emulator.env("sidecar"))
      .credential("sidecar")
      .getToken(scope);
    const claims = claimsOf(token);
    expect(claims).toMatchObject({ oid: emulator.host("sidecar").systemAssigned?.objectId });
    expect(expiresOnTimestamp).toBe(claims.exp * 1000);
  });

  it("gets tokens of an agent", async () => {
    const options = { agentIdentity: agent, agentUsername: "agent@contoso.example", requestAppToken: true };
    const { token } = await identityOn(emulator.env("sidecar")).credential("sidecar", options).getToken(scope);
    expect(claimsOf(token)).toMatchObject({ appid: agent });
  });

  it("sends what the sidecar's protocol has for a request", async () => {
    const server = await serve(answering(200, header));
    const options = { url: `${server.url}/`, service: "my graph", agentIdentity: agent, agentUserId: "user" };
    const claims = '{"access_token":{}}';
    const tenantId = "contoso.com";
    await identityOn({}).credential("sidecar", options).getToken([scope, "b"], { claims, tenantId });
    const { pathname, searchParams } = new URL(server.requests[0]?.url ?? "", server.url);
    expect(pathname).toBe("/AuthorizationHeaderUnauthenticated/my%20graph");
    expect(server.requests[0]?.method).toBe("GET");
    expect([...searchParams]).toEqual([
      ["AgentIdentity", agent],
      ["AgentUserId", "user"],
      ["optionsOverride.Scopes", "b"],
      ["optionsOverride.Scopes", scope],
      ["optionsOverride.AcquireTokenOptions.Tenant", tenantId],
      ["optionsOverride.AcquireTokenOptions.Claims", claims],
      ["optionsOverride.AcquireTokenOptions.ForceRefresh", "true"],
      ["optionsOverride.AcquireTokenOptions.CorrelationId", expect.stringMatching(/^[\da-f-]{36}$/)],
    ]);
  });

  it("refuses a user of an agent without the agent, and two names of the user", async () => {
    const { credential, check } = identityOn({});
    expect(() => check("sidecar", { agentUserId: "u" })).toThrow(
      expect.objectContaining({ code: "incomplete-options" }),
    );
    const asked = (async () =>
      credential("sidecar", { agentUserId: "u", agentUsername: "n", agentIdentity: agent }).getToken(scope))();
    expect(await failure(asked)).toMatchObject({ code: "conflicting-options" });
  });

  it("an unreadable token is kept for a minute", async () => {
    const clock = createFakeClock();
    const server = await serve(answering(200, { authorizationHeader: "Bearer opaque" }));
    const credential = identityOn({}, {}, { clock }).credential("sidecar", { url: server.url });
    expect((await credential.getToken(scope)).expiresOnTimestamp).toBe(clock.now() + 60_000);
  });

  it.each(["1e400", "-1e400", "1e300", "-1e300", "4102444800000", '"4102444800"', "null"])(
    "a token that expires at %s, which is no time, is one that is unreadable",
    async (exp) => {
      const clock = createFakeClock();
      const token = `e30.${Buffer.from(`{"exp":${exp}}`).toString("base64url")}.s`;
      const server = await serve(answering(200, { authorizationHeader: `Bearer ${token}` }));
      const credential = identityOn({}, {}, { clock }).credential("sidecar", { url: server.url });
      expect((await credential.getToken(scope)).expiresOnTimestamp).toBe(clock.now() + 60_000);
    },
  );

  describe("addresses", () => {
    it.each(["http://192.0.2.1:5178", "https://8.8.8.8", "http://169.254.169.254", "http://[2001:db8::1]:1"])(
      "nothing is sent to %s",
      async (url) => {
        expect(await askAt(url)).toMatchObject({ code: "unexpected-address", outcome: "misconfigured" });
      },
    );

    it("a name is allowed by where it leads to", async () => {
      const server = await serve(answering(200, header));
      const credential = identityOn({}).credential("sidecar", { url: `http://localhost:${server.port}` });
      expect((await credential.getToken(scope)).token).toMatch(/^eyJ/);
    });

    it.each(["unix:/run/sidecar.sock", "sidecar:5178", "ftp://localhost", "http://localhost?a=b"])(
      "%s is refused",
      async (url) => {
        expect(await askAt(url)).toMatchObject({ code: "malformed-endpoint" });
      },
    );
  });

  describe("in a chain", () => {
    it("a sidecar that a variable names is expected, and its refusal stops the chain", async () => {
      emulator.faults.add({ service: "sidecar", status: 400 });
      const identity = identityOn(emulator.env("sidecar"), { chain: ["sidecar", "relay"] });
      const error = await failure(identity.getToken(scope));
      expect(error).toMatchObject({ code: "rejected", statusCode: 400 });
    });

    it("a sidecar that nothing names is asked whether it is there", async () => {
      const http = {
        send: async ({ url }: { url: string }) => {
          if (url.endsWith("/healthz")) return { status: 200, headers: {}, body: "Healthy" };
          return { status: 200, headers: {}, body: JSON.stringify(header) };
        },
      };
      const identity = identityOn({}, { chain: ["sidecar", "relay"] }, { http });
      expect((await identity.getToken(scope)).token).toMatch(/^eyJ/);
    });

    it("a chain goes on where no sidecar answers", async () => {
      const identity = identityOn({}, { chain: ["sidecar", "relay"] }, { http: createFakeHttp() });
      const error = await failure(identity.getToken(scope));
      expect(error).toMatchObject({ code: "no-credential-available" });
      expect(error.message).toMatch(/sidecar[\s\S]*relay/);
    });
  });

  it.each([
    ["a page", 200, "<html>", "unexpected-answer"],
    ["nothing", 200, "", "unexpected-answer"],
    ["another scheme", 200, { authorizationHeader: "PoP abc" }, "unexpected-answer"],
    ["a scheme alone", 200, { authorizationHeader: "Bearer" }, "unexpected-answer"],
    ["an expired token", 200, { authorizationHeader: `Bearer ${jwt({ exp: 1 })}` }, "invalid-token"],
    ["a redirect", 302, "", "unexpected-answer"],
    ["a service that it does not have", 404, "", "misconfigured"],
    ["a refusal", 400, { title: "Bad Request", detail: "AADSTS7000215: ann@contoso.example" }, "rejected"],
    ["a delay", 429, "", "throttled"],
    ["an error of its own", 500, "", "failed"],
    ["an answer of 2 MB", 200, "x".repeat(2_000_000), "answer-too-large"],
  ] as const)("%s is refused", async (_, status, body, code) => {
    const server = await serve(answering(status, body));
    const error = await askAt(server.url);
    expect(error).toMatchObject({ code });
    expect(error.message).not.toContain("ann@");
    if (status === 400) expect(error.message).toContain('status 400: "Bad Request" (AADSTS7000215).');
  });

  it("a sidecar that is not ready yet is asked again", async () => {
    const clock = createFakeClock();
    let requests = 0;
    const server = await serve((_, response) => {
      requests++;
      response.writeHead(requests < 3 ? 503 : 200).end(JSON.stringify(header));
    });
    const asked = identityOn({}, {}, { clock, random: () => 0 })
      .credential("sidecar", { url: server.url })
      .getToken(scope);
    await expect.poll(() => requests).toBe(1);
    const later = async () => {
      await clock.advance(1_000);
      return requests;
    };
    await expect.poll(later).toBe(3);
    expect((await asked).token).toMatch(/^eyJ/);
  });

  it("a request is tried four times, with pauses of 1, 2 and 4 s, as docs/time-limits.md says", async () => {
    const tables: RetryTable[] = [];
    const retry: SourceContext["retry"] = (table, attempt) => {
      tables.push(table);
      return attempt(1);
    };
    const context = sourceContext({ http: createFakeHttp({ body: JSON.stringify(header) }), retry });
    const credential = await sidecar.create({ url: "http://localhost:5178" }, context);
    await credential.getToken(createTestRequest());
    expect(tables).toEqual([{ statuses: [0, 408, 429, 500, 502, 503, 504], delaysMs: [1_000, 2_000, 4_000] }]);
  });

  it("a sidecar that is gone is unreachable", async () => {
    const server = await serve(answering(200, header));
    await server.close();
    expect(await askAt(server.url)).toMatchObject({ code: "unreachable", remedy: expect.stringContaining("Start") });
  });

  it("a sidecar that is slow ends at the deadline", async () => {
    const ask = (url: string, overrides: object) =>
      failure(identityOn({}, {}, overrides).credential("sidecar", { url }).getToken(scope));
    expect(await afterDeadline(ask)).toMatchObject({ code: "timeout" });
  });
});
