/**
 * Failures of the broker, through the real native library: their outcomes, and how a chain
 * continues.
 */
import { inspect } from "node:util";
import type { BrokerFault, BrokerStatus } from "@azidentity/emulator";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bernard, claimsOf, clients, type Desktop, failure, openDesktop, vault } from "./desktop.ts";

let desktop: Desktop;
beforeEach(async () => {
  desktop = await openDesktop();
});
afterEach(() => desktop.close());

const nextToken = { token: "of-the-next-entry", expiresOnTimestamp: 4_102_444_800_000 };
const next = { getToken: async () => nextToken };

describe("the broker's status", () => {
  it.each<[BrokerStatus, string, string]>([
    ["Unexpected", "failed", "broker-failed"],
    ["InteractionRequired", "interaction-required", "interaction-required"],
    ["AccountUnusable", "interaction-required", "interaction-required"],
    ["NoNetwork", "unreachable", "unreachable"],
    ["NetworkTemporarilyUnavailable", "unreachable", "unreachable"],
    ["ServerTemporarilyUnavailable", "throttled", "throttled"],
    ["ApiContractViolation", "failed", "broker-failed"],
    ["UserCanceled", "cancelled", "sign-in-declined"],
    ["ApplicationCanceled", "cancelled", "sign-in-declined"],
    ["IncorrectConfiguration", "misconfigured", "broker-configuration"],
    ["InsufficientBuffer", "failed", "broker-failed"],
    ["AuthorityUntrusted", "misconfigured", "unknown-authority"],
    ["UserDataRemovalRequired", "interaction-required", "interaction-required"],
  ])("the status %s has the outcome %s", async (status, outcome, code) => {
    desktop.broker.faults.add({ status, context: 'text {"access_token":"c4n4ry"}' });
    const error = await failure(desktop.identity(["broker"]).getToken(vault));
    expect(error).toMatchObject({ outcome, code, remedy: expect.any(String) });
    expect(inspect(error, { depth: 9 })).not.toContain("c4n4ry");
  });

  it("the error carries the AADSTS code of Entra and the requested scopes and claims", async () => {
    desktop.emulator.policies.add({ grantControl: "mfa" });
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const error = await failure(desktop.identity(["broker"]).getToken(vault, { claims }));
    expect(error).toMatchObject({ outcome: "interaction-required", name: "AuthenticationRequiredError" });
    expect(error).toMatchObject({ claims, scopes: [vault] }); // for the interactive sign-in
    expect(error.message).toContain("AADSTS50079");
    expect(error.remedy).toContain("authenticate");
  });

  it("the status UserSwitched ends the call, although the promise of the native library never settles", async () => {
    desktop.broker.faults.add({ status: "UserSwitched" });
    expect(await failure(desktop.identity(["broker"]).getToken(vault))).toMatchObject({
      outcome: "failed",
      code: "broker-crashed",
    });
  });
});

it("a chain stops when the user declines, and goes on after other failures of the broker", async () => {
  const chain = ["broker", next] as const;
  desktop.broker.faults.add({ status: "UserCanceled" });
  expect(await failure(desktop.identity(chain).getToken(vault))).toMatchObject({
    name: "AbortError",
    outcome: "cancelled",
  });
  desktop.broker.faults.add({ status: "Unexpected" });
  expect((await desktop.identity(chain).getToken(vault)).token).toBe(nextToken.token);
});

it("a desktop without a signed-in user is reported, with a remedy", async () => {
  desktop.broker.signOut("ann@contoso.example");
  const error = await failure(desktop.identity(["broker"]).getToken(vault));
  expect(error).toMatchObject({ outcome: "not-signed-in", name: "CredentialUnavailableError" });
  expect(error.remedy).toContain("intune-portal");
});

it.each(["no list", '{"accounts":"none"}', ""])(
  "an unreadable list of accounts does not keep the broker from issuing a token: %j",
  async (body) => {
    desktop.broker.faults.add({ method: "getAccounts", body });
    expect((await desktop.identity(["broker"]).getToken(vault)).tokenType).toBe("Bearer");
  },
);

const unsigned = (claims: object) =>
  ["{}", JSON.stringify(claims), ""].map((part) => Buffer.from(part).toString("base64url")).join(".");

describe("an answer", () => {
  it.each<[string, BrokerFault, string, string]>([
    ["that is an HTML page", { body: "<html>c4n4ry</html>" }, "failed", "broker-failed"],
    ["that is empty", { body: "" }, "failed", "broker-failed"],
    ["that is not an object", { body: "[]" }, "failed", "broker-failed"],
    ["without a token", { rewrite: { accessToken: undefined } }, "failed", "invalid-token"],
    ["with a line break in its token", { rewrite: { accessToken: "a\nb" } }, "failed", "invalid-token"],
    ["without an ID token", { rewrite: { idToken: undefined } }, "failed", "broker-failed"],
    ["with an invalid ID token", { rewrite: { idToken: "x.y.z" } }, "failed", "broker-failed"],
    ["with an invalid expiry", { rewrite: { expiresOn: "soon" } }, "failed", "broker-failed"],
    ["that has expired", { rewrite: { expiresOn: 1_000_000_000_000 } }, "failed", "invalid-token"],
  ])("an answer %s is refused", async (_, fault, outcome, code) => {
    desktop.broker.faults.add(fault);
    const error = await failure(desktop.identity(["broker"]).getToken(vault));
    expect(error).toMatchObject({ outcome, code });
    expect(inspect(error, { depth: 9 })).not.toContain("c4n4ry");
  });

  it("an answer with an unsigned ID token for another application is refused", async () => {
    const { token } = await desktop.identity(["broker"]).getToken(vault);
    const { oid, tid, upn } = claimsOf(token);
    const idToken = (aud: string) => unsigned({ oid, tid, aud, sub: oid, preferred_username: upn });
    desktop.broker.faults.add({ rewrite: { idToken: idToken(clients.editor) } });
    const error = await failure(desktop.identity(["broker"]).getToken(vault));
    expect(error).toMatchObject({ outcome: "failed", code: "unexpected-broker-answer" });
    desktop.broker.faults.add({ rewrite: { idToken: idToken(clients.developer) } });
    // the signature is not what is refused
    expect((await desktop.identity(["broker"]).getToken(vault)).tokenType).toBe("Bearer");
  });

  it("an answer for another account than the requested one is refused", async () => {
    desktop.broker.faults.add({ account: bernard.username });
    const named = desktop.identity().credential("broker", { loginHint: "ann@contoso.example" });
    expect(await failure(named.getToken(vault))).toMatchObject({ outcome: "not-signed-in", code: "another-account" });
  });

  it("an answer for another account than the native library requested is refused", async () => {
    // with a keyring, the native library knows the account and notices the switch itself
    await desktop.broker.startKeyring();
    desktop.broker.faults.add({ account: bernard.username });
    const named = desktop.identity().credential("broker", { loginHint: "ann@contoso.example" });
    const error = await failure(named.getToken(vault));
    expect(error).toMatchObject({ outcome: "not-signed-in", code: "another-account" });
  });

  it("a tenant that the broker does not know is reported as an unknown authority", async () => {
    const tenantId = "99999999-9999-4999-8999-999999999999";
    const error = await failure(desktop.identity(["broker"]).getToken(vault, { tenantId }));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "unknown-authority" });
  });
});

describe("a broker", () => {
  it("a broker that leaves the bus during a call is reported as unreachable at once", async () => {
    desktop.broker.faults.add({ connection: "leave" });
    expect(await failure(desktop.identity(["broker"]).getToken(vault))).toMatchObject({
      outcome: "unreachable",
      code: "broker-left",
    });
  });

  it("a call of a broker that hangs ends when the caller aborts, and the next call works", async () => {
    desktop.broker.faults.add({ connection: "hang", times: Infinity });
    const identity = desktop.identity(["broker"]);
    const controller = new AbortController();
    const waiting = failure(identity.getToken(vault, { abortSignal: controller.signal }));
    await vi.waitUntil(() => desktop.broker.calls.some(({ method }) => method === "acquireTokenSilently"), 60_000);
    controller.abort();
    expect(await waiting).toMatchObject({ name: "AbortError" });
    desktop.broker.faults.clear();
    expect((await identity.getToken(vault)).tokenType).toBe("Bearer");
  });

  it("a broker that was stopped is reported as not installed", async () => {
    const identity = desktop.identity();
    await desktop.broker.close();
    expect(await failure(identity.getToken(vault))).toMatchObject({ code: "no-credential-available" });
    expect(identity.explain.last?.attempts.at(-1)).toMatchObject({ source: "broker", outcome: "not-installed" });
  });
});
