/** The source `azd-host`, against the emulator and against servers that are wrong. */
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf, everythingShown } from "@azidentity/test-support";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { afterDeadline, answering, serve } from "./faulty-server.ts";
import { failure, identityOn, scope } from "./machine.ts";

let emulator: Emulator;
let secure: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { "azd-host": {} } });
  secure = await startEmulator({ hosts: { "azd-host": { secure: true } } });
});
beforeEach(() => {
  emulator.requests.clear();
  secure.requests.clear();
});
afterAll(() => Promise.all([emulator.close(), secure.close()]));

const key = "k3y-of-the-editor";
const success = { status: "success", token: "T", expiresOn: "2096-10-02T07:06:40Z" };
const askAt = (url: string, overrides = {}) =>
  failure(
    identityOn({ AZD_AUTH_ENDPOINT: url, AZD_AUTH_KEY: key }, {}, overrides).credential("azd-host").getToken(scope),
  );

describe("azd-host", () => {
  it("gets tokens of the program that its variables name, in the default chain", async () => {
    const identity = identityOn(emulator.env("azd-host"));
    const { token } = await identity.getToken(scope);
    expect(claimsOf(token)).toMatchObject({ oid: emulator.host("azd-host").systemAssigned?.objectId });
    expect(emulator.requests.to("/token")).toMatchObject([
      { method: "POST", url: expect.stringMatching(/\/token\?api-version=2023-07-12-preview$/) },
    ]);
  });

  it("knows a server of https by its certificate alone", async () => {
    const env = secure.env("azd-host");
    const { token } = await identityOn(env).credential("azd-host").getToken(scope);
    expect(claimsOf(token)).toMatchObject({ oid: secure.host("azd-host").systemAssigned?.objectId });

    const { certificate } = emulator.serverCertificate;
    const foreign = certificate.replace(/-----[A-Z ]+-----|\s/g, "");
    secure.requests.clear();
    const other = await failure(
      identityOn({ ...env, AZD_AUTH_CERT: foreign })
        .credential("azd-host")
        .getToken(scope),
    );
    expect(other).toMatchObject({ code: "untrusted-certificate", outcome: "misconfigured" });
    const none = await failure(
      identityOn({ ...env, AZD_AUTH_CERT: "" })
        .credential("azd-host")
        .getToken(scope),
    );
    expect(none).toMatchObject({ code: "untrusted-certificate" });
    expect(secure.requests.to("/token")).toEqual([]);
  });

  it.each([
    [{ AZD_AUTH_CERT: "bm8=" }, "AZD_AUTH_CERT is not a certificate"],
    [
      { AZD_AUTH_CERT: "bm8=", AZD_AUTH_ENDPOINT: "http://127.0.0.1:1" },
      "is not an https URL, and AZD_AUTH_CERT is set",
    ],
    [{ AZD_AUTH_ENDPOINT: "npipe:azd-auth-1", AZD_AUTH_CERT: "" }, "is neither http, https nor unix"],
    [{ AZD_AUTH_ENDPOINT: "127.0.0.1:1", AZD_AUTH_CERT: "" }, "is not a URL"],
  ])("refuses variables that are malformed: %j", async (changes, message) => {
    const env = { ...secure.env("azd-host"), ...changes };
    const error = await failure(identityOn(env).credential("azd-host").getToken(scope));
    expect(error).toMatchObject({ code: "malformed-endpoint", outcome: "misconfigured" });
    expect(error.message).toContain(message);
  });

  it("is absent while a variable is missing, and says which", async () => {
    const { AZD_AUTH_ENDPOINT = "", AZD_AUTH_KEY = "" } = emulator.env("azd-host");
    for (const [env, missing] of [
      [{ AZD_AUTH_ENDPOINT }, "AZD_AUTH_KEY"],
      [{ AZD_AUTH_KEY }, "AZD_AUTH_ENDPOINT"],
    ] as const) {
      const error = await failure(identityOn(env).getToken(scope));
      expect(error).toMatchObject({ code: "no-credential-available" });
      expect(error.message).toContain(`${missing} is not set`);
    }
  });

  it("sends the tenant of a call", async () => {
    const bodies: string[] = [];
    const server = await serve((request, response) => {
      request.setEncoding("utf8").on("data", (text) => bodies.push(text));
      request.on("end", () => response.end(JSON.stringify(success)));
    });
    const identity = identityOn({ AZD_AUTH_ENDPOINT: server.url, AZD_AUTH_KEY: key });
    const { expiresOnTimestamp } = await identity.credential("azd-host").getToken(scope, { tenantId: "contoso.com" });
    await identity.credential("azd-host").getToken(scope);
    expect(bodies.map((body) => JSON.parse(body))).toEqual([
      { scopes: [scope], tenantId: "contoso.com" },
      { scopes: [scope] },
    ]);
    expect(expiresOnTimestamp).toBe(4_000_000_000_000);
  });

  it("cannot satisfy a claims challenge, and says who can", async () => {
    const claims = '{"access_token":{}}';
    const error = await failure(
      identityOn(emulator.env("azd-host")).credential("azd-host").getToken(scope, { claims }),
    );
    expect(error).toMatchObject({ code: "claims-challenge", outcome: "interaction-required", claims });
    expect(emulator.requests.to("/token")).toEqual([]);
  });

  it("reports that no user is signed in there", async () => {
    await using signedOut = await startEmulator({ hosts: { "azd-host": { systemAssigned: false } } });
    const error = await failure(identityOn(signedOut.env("azd-host")).credential("azd-host").getToken(scope));
    expect(error).toMatchObject({ code: "not-signed-in", outcome: "not-signed-in" });
    expect(error.message).toContain('reported: "No user is signed in".');
  });

  it("a wrong key is refused", async () => {
    const { AZD_AUTH_ENDPOINT = "" } = emulator.env("azd-host");
    expect(await askAt(AZD_AUTH_ENDPOINT)).toMatchObject({ code: "key-refused", statusCode: 401 });
    const server = await serve(answering(401, { status: "error", code: "GetTokenError", message: "Which key?" }));
    expect(await askAt(server.url)).toMatchObject({ code: "key-refused", statusCode: 401 });
  });

  it("a scope that the program cannot serve has failed", async () => {
    const { credential } = identityOn(emulator.env("azd-host"));
    expect(await failure(credential("azd-host").getToken("https://unknown.example/.default"))).toMatchObject({
      code: "failed",
      message: expect.stringContaining("AADSTS500011"),
    });
  });

  it.each([
    ["a page", 200, "<html>", "unexpected-answer"],
    ["nothing", 200, "", "unexpected-answer"],
    ["no token", 200, { status: "success" }, "unexpected-answer"],
    ["another status", 200, { ...success, status: "pending" }, "unexpected-answer"],
    ["a time without a zone", 200, { ...success, expiresOn: "2096-10-02T07:06:40" }, "unexpected-answer"],
    ["a time of this machine", 200, { ...success, expiresOn: "10/2/2096 7:06:40 AM" }, "unexpected-answer"],
    ["a time as a number", 200, { ...success, expiresOn: 4_000_000_000 }, "unexpected-answer"],
    ["a month that does not exist", 200, { ...success, expiresOn: "2096-13-02T07:06:40Z" }, "unexpected-answer"],
    ["an expired token", 200, { ...success, expiresOn: "2001-10-02T07:06:40Z" }, "invalid-token"],
    ["a token with control characters", 200, { ...success, token: "T\u0000" }, "invalid-token"],
    ["a token with status 500", 500, success, "unexpected-answer"],
    ["an answer of 2 MB", 200, "x".repeat(2_000_000), "answer-too-large"],
  ] as const)("%s is refused", async (_, status, body, code) => {
    const server = await serve(answering(status, body));
    const error = await askAt(server.url);
    expect(error).toMatchObject({ code });
    expect(error.message).not.toContain(key);
  });

  it.each(["2096-10-02t07:06:40.1234567z", "2096-10-02T09:06:40+02:00", "2096-10-02 07:06:40-00:00"])(
    "the time %s of RFC 3339 is read",
    async (expiresOn) => {
      const server = await serve(answering(200, { ...success, expiresOn }));
      const identity = identityOn({ AZD_AUTH_ENDPOINT: server.url, AZD_AUTH_KEY: key });
      const { expiresOnTimestamp } = await identity.getToken(scope);
      expect(Math.floor(expiresOnTimestamp / 1000)).toBe(4_000_000_000);
    },
  );

  it("a redirect is not followed", async () => {
    const target = await serve(answering(200, success));
    const server = await serve(answering(302, "", { location: target.url }));
    expect(await askAt(server.url)).toMatchObject({ code: "unexpected-answer", statusCode: 302 });
    expect(target.requests).toEqual([]);
  });

  it("a program that is gone is unreachable, and plain http to another machine is refused", async () => {
    const server = await serve(answering(200, success));
    await server.close();
    expect(await askAt(server.url)).toMatchObject({ code: "unreachable" });
    expect(await askAt("http://192.0.2.1")).toMatchObject({ code: "unexpected-address" });
  });

  it("a program that is slow ends at the deadline", async () => {
    expect(await afterDeadline(askAt)).toMatchObject({ code: "timeout" });
  });

  it("a program that repeats the key shows it nowhere", async () => {
    const server = await serve(answering(200, { status: "error", code: "GetTokenError", message: `no: ${key}` }));
    const shown = await everythingShown(async (see) => see(await askAt(server.url)));
    expect(shown).toContain("reported");
    expect(shown).not.toContain(key);
  });
});
