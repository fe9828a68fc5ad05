/** What goes wrong with the real native part, and what a chain makes of it. */
import { inspect } from "node:util";
import type { BrokerFault, BrokerStatus } from "@azidentity/emulator";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bernard, claimsOf, clients, failure, openScene, type Scene, vault } from "./scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const someToken = { token: "somebody-else", expiresOnTimestamp: 4_102_444_800_000 };
const next = { getToken: async () => someToken };

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
  ])("%s is told as %s", async (status, outcome, code) => {
    scene.broker.faults.add({ status, context: 'said {"access_token":"c4n4ry"}' });
    const error = await failure(scene.identity(["broker"]).getToken(vault));
    expect(error).toMatchObject({ outcome, code, remedy: expect.any(String) });
    expect(inspect(error, { depth: 9 })).not.toContain("c4n4ry");
  });

  it("carries what Entra said, and what was asked for", async () => {
    scene.emulator.policies.add({ grantControl: "mfa" });
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const error = await failure(scene.identity(["broker"]).getToken(vault, { claims }));
    expect(error).toMatchObject({ outcome: "interaction-required", name: "AuthenticationRequiredError" });
    expect(error).toMatchObject({ claims, scopes: [vault] }); // for whoever asks the person
    expect(error.message).toContain("AADSTS50079");
    expect(error.remedy).toContain("authenticate");
  });

  it("UserSwitched without a token ends the wait, although the native part's promise would never settle", async () => {
    scene.broker.faults.add({ status: "UserSwitched" });
    expect(await failure(scene.identity(["broker"]).getToken(vault))).toMatchObject({
      outcome: "failed",
      code: "broker-crashed",
    });
  });
});

it("lets nobody follow a person who has said no, and anybody follow the rest", async () => {
  const chain = ["broker", next] as const;
  scene.broker.faults.add({ status: "UserCanceled" });
  expect(await failure(scene.identity(chain).getToken(vault))).toMatchObject({
    name: "AbortError",
    outcome: "cancelled",
  });
  scene.broker.faults.add({ status: "Unexpected" });
  expect((await scene.identity(chain).getToken(vault)).token).toBe(someToken.token);
});

it("finds nobody signed in, and says how to", async () => {
  scene.broker.signOut("ann@contoso.example");
  const error = await failure(scene.identity(["broker"]).getToken(vault));
  expect(error).toMatchObject({ outcome: "not-signed-in", name: "CredentialUnavailableError" });
  expect(error.remedy).toContain("intune-portal");
});

it.each(["no list", '{"accounts":"none"}', ""])(
  "asks for a token whatever the broker says of its accounts: %j",
  async (body) => {
    scene.broker.faults.add({ method: "getAccounts", body });
    expect((await scene.identity(["broker"]).getToken(vault)).tokenType).toBe("Bearer");
  },
);

const unsigned = (claims: object) =>
  ["{}", JSON.stringify(claims), ""].map((part) => Buffer.from(part).toString("base64url")).join(".");

describe("an answer", () => {
  it.each<[string, BrokerFault, string, string]>([
    ["that is a page", { body: "<html>c4n4ry</html>" }, "failed", "broker-failed"],
    ["that is empty", { body: "" }, "failed", "broker-failed"],
    ["that is no object", { body: "[]" }, "failed", "broker-failed"],
    ["without a token", { rewrite: { accessToken: undefined } }, "failed", "invalid-token"],
    ["whose token no header can carry", { rewrite: { accessToken: "a\nb" } }, "failed", "invalid-token"],
    ["without an identity", { rewrite: { idToken: undefined } }, "failed", "broker-failed"],
    ["whose identity is nonsense", { rewrite: { idToken: "x.y.z" } }, "failed", "broker-failed"],
    ["whose time is nonsense", { rewrite: { expiresOn: "soon" } }, "failed", "broker-failed"],
    ["that has expired", { rewrite: { expiresOn: 1_000_000_000_000 } }, "failed", "invalid-token"],
  ])("%s brings no token", async (_, fault, outcome, code) => {
    scene.broker.faults.add(fault);
    const error = await failure(scene.identity(["broker"]).getToken(vault));
    expect(error).toMatchObject({ outcome, code });
    expect(inspect(error, { depth: 9 })).not.toContain("c4n4ry");
  });

  it("with an unsigned identity for another application brings no token", async () => {
    const { token } = await scene.identity(["broker"]).getToken(vault);
    const { oid, tid, upn } = claimsOf(token);
    const idToken = (aud: string) => unsigned({ oid, tid, aud, sub: oid, preferred_username: upn });
    scene.broker.faults.add({ rewrite: { idToken: idToken(clients.editor) } });
    const error = await failure(scene.identity(["broker"]).getToken(vault));
    expect(error).toMatchObject({ outcome: "failed", code: "unexpected-broker-answer" });
    scene.broker.faults.add({ rewrite: { idToken: idToken(clients.developer) } });
    expect((await scene.identity(["broker"]).getToken(vault)).tokenType).toBe("Bearer"); // a broker need not sign it
  });

  it("for another account than the one asked for brings no token", async () => {
    scene.broker.faults.add({ account: bernard.username });
    const named = scene.identity().credential("broker", { loginHint: "ann@contoso.example" });
    expect(await failure(named.getToken(vault))).toMatchObject({ outcome: "not-signed-in", code: "another-account" });
  });

  it("for another account than the one that the native part asked for brings no token", async () => {
    await scene.broker.startKeyring(); // now it knows the account, and notices the switch itself
    scene.broker.faults.add({ account: bernard.username });
    const named = scene.identity().credential("broker", { loginHint: "ann@contoso.example" });
    const error = await failure(named.getToken(vault));
    expect(error).toMatchObject({ outcome: "not-signed-in", code: "another-account" });
  });

  it("for another tenant than the one asked for brings no token", async () => {
    const tenantId = "99999999-9999-4999-8999-999999999999";
    const error = await failure(scene.identity(["broker"]).getToken(vault, { tenantId }));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "unknown-authority" });
  });
});

describe("a broker", () => {
  it("that leaves in the middle of a call is unreachable at once", async () => {
    scene.broker.faults.add({ connection: "leave" });
    expect(await failure(scene.identity(["broker"]).getToken(vault))).toMatchObject({
      outcome: "unreachable",
      code: "broker-left",
    });
  });

  it("that says nothing ends with its caller's patience, and leaves no process behind", async () => {
    scene.broker.faults.add({ connection: "hang", times: Infinity });
    const identity = scene.identity(["broker"]);
    const controller = new AbortController();
    const waiting = failure(identity.getToken(vault, { abortSignal: controller.signal }));
    await vi.waitUntil(() => scene.broker.calls.some(({ method }) => method === "acquireTokenSilently"), 20_000);
    controller.abort();
    expect(await waiting).toMatchObject({ name: "AbortError" });
    scene.broker.faults.clear();
    expect((await identity.getToken(vault)).tokenType).toBe("Bearer");
  });

  it("that is no longer there is told as not installed, and found again when it is back", async () => {
    const identity = scene.identity();
    await scene.broker.close();
    expect(await failure(identity.getToken(vault))).toMatchObject({ code: "no-credential-available" });
    expect(identity.explain.last?.attempts.at(-1)).toMatchObject({ source: "broker", outcome: "not-installed" });
  });
});
