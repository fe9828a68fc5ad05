import { createIdentity } from "@azidentity/core";
import { outcomeError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, type FakeReply, messageFaults } from "@azidentity/core/testing";
import { errorOf, scope } from "@azidentity/test-support";
import { beforeAll, describe, expect, it } from "vitest";
import users, { type DeviceCodeInfo } from "../src/index.ts";
import { loadMsal } from "../src/msal/exchange.ts";
import { deviceAnswer, userAnswer } from "./user-answer.ts";

// tests with a fake clock cannot wait for files
beforeAll(async () => {
  loadMsal();
  await import("../src/user/user-credential.ts");
  await import("../src/user/device-code-sign-in.ts");
  await createIdentity({ config: false, plugins: [users] }, { env: {} }).ready();
});

/** A response of Entra to a poll, without a token. */
const word = (error: string, more: object = {}) => ({ status: 400, body: JSON.stringify({ error, ...more }) });
const pending = word("authorization_pending", { error_description: "AADSTS70016: Pending.", error_codes: [70016] });
const ann = userAnswer({ name: "ann" });

/** A sign-in whose polls get these responses in turn, the last one repeatedly. */
function setUp(polls: readonly FakeReply[], device: FakeReply = deviceAnswer(), options: object = {}) {
  const clock = createFakeClock();
  const http = createFakeHttp(device, ...polls);
  const prompts: DeviceCodeInfo[] = [];
  const identity = createIdentity({ config: false, plugins: [users] }, { env: {}, http, clock, random: () => 0 });
  const credential = identity.credential("device-code", {
    clientId: "app",
    userPromptCallback: (info: DeviceCodeInfo) => prompts.push(info),
    ...options,
  });
  return { clock, http, prompts, identity, credential, polled: () => http.requests.length - 1 };
}

/** Seconds pass one after another until it ends. */
async function settled<T>(promise: Promise<T>, clock: ReturnType<typeof createFakeClock>, seconds = 1_000): Promise<T> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  promise.then(end, end);
  for (let second = 0; second < seconds && !ended; second++) await clock.advance(1_000);
  return promise;
}

describe("a device code", () => {
  it("a device code is shown with page and expiry, and the sign-in ends when Entra confirms it", async () => {
    const { clock, prompts, credential, http } = setUp([pending, pending, ann]);
    const start = clock.now();
    const token = await settled(credential.getToken(scope), clock);
    expect(token.token).toBe("token-of-ann");
    expect(prompts).toEqual([
      {
        userCode: "ABCD1234",
        verificationUri: "https://microsoft.com/devicelogin",
        message: expect.stringContaining("ABCD1234"),
        expiresOnTimestamp: start + 900_000,
      },
    ]);
    expect(clock.now() - start).toBe(15_000);
    const forms = http.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(forms[0]).toMatchObject({ client_id: "app", scope: expect.stringContaining(scope) });
    expect(forms[3]).toMatchObject({ device_code: "canary-device-code", client_id: "app" });
  });

  it("a device code is requested once for concurrent callers", async () => {
    const { clock, prompts, credential } = setUp([pending, ann]);
    const scopes = [scope, "https://storage.azure.com/.default", "https://graph.microsoft.com/.default"];
    const tokens = await settled(Promise.all(scopes.map((one) => credential.getToken(one))), clock);
    expect(tokens).toHaveLength(3);
    expect(prompts).toHaveLength(1);
  });

  it("a device code is requested once when concurrent callers find the sign-in ended", async () => {
    const over = word("invalid_grant", { error_codes: [700082] });
    const { clock, prompts, credential } = setUp([ann, over, over, deviceAnswer(), ann]);
    await settled(credential.getToken(scope), clock);
    const others = ["https://storage.azure.com/.default", "https://graph.microsoft.com/.default"];
    const tokens = await settled(Promise.all(others.map((one) => credential.getToken(one))), clock);
    expect(tokens.map(({ token }) => token)).toEqual(["token-of-ann", "token-of-ann"]);
    expect(prompts).toHaveLength(2);
  });

  it("stays valid for other callers when the first one aborts", async () => {
    const { clock, prompts, credential } = setUp([pending, ann]);
    const controller = new AbortController();
    const first = errorOf(credential.getToken(scope, { abortSignal: controller.signal }));
    const second = credential.getToken("https://storage.azure.com/.default");
    await clock.advance(5_000);
    controller.abort();
    expect(await first).toMatchObject({ name: "AbortError", outcome: "cancelled" });
    expect((await settled(second, clock)).token).toBe("token-of-ann");
    expect(prompts).toHaveLength(1);
  });

  it("a device code is never shown while another one is pending", async () => {
    const bob = userAnswer({ name: "bob" });
    const { clock, prompts, credential } = setUp([pending, ann, deviceAnswer({ user_code: "SECOND" }), bob]);
    const token = credential.getToken(scope);
    await clock.advance(5_000);
    const record = credential.authenticate(scope);
    await clock.advance(1_000);
    expect(prompts).toHaveLength(1);
    expect((await settled(token, clock)).token).toBe("token-of-ann");
    expect(await settled(record, clock)).toMatchObject({ username: "bob@contoso.example" });
    expect((await credential.getToken(scope)).token).toBe("token-of-bob");
    expect(prompts.map(({ userCode }) => userCode)).toEqual(["ABCD1234", "SECOND"]);
  });

  it("a device code is never requested by a background refresh, nor by explain", async () => {
    const { clock, http, prompts, credential } = setUp([ann, word("invalid_grant"), deviceAnswer()]);
    await settled(credential.getToken(scope), clock);
    const walk = await credential.explain(scope);
    expect(walk.attempts).toMatchObject([{ outcome: "interaction-required" }]);
    await clock.advance(3_400_000);
    expect((await credential.getToken(scope)).token).toBe("token-of-ann");
    await clock.advance(1_000);
    expect(http.requests).toHaveLength(3);
    expect(prompts).toHaveLength(1);
  });
});

describe("polling for a device code sign-in", () => {
  it("polling for a device code sign-in becomes slower after each slow_down", async () => {
    const { clock, http, credential } = setUp([word("slow_down"), word("slow_down"), pending, ann]);
    const start = clock.now();
    await settled(credential.getToken(scope), clock);
    expect(clock.now() - start).toBe((5 + 10 + 15 + 15) * 1_000);
    expect(http.requests).toHaveLength(5);
  });

  it.each([
    ["too many requests", { status: 429, headers: { "retry-after": "20" } }, 20],
    ["too many requests without a time", { status: 429 }, 5],
    ["an outage", { status: 503, body: "<html>" }, 5],
    ["silence", "silence", 35],
    ["no response", outcomeError("unreachable", "No answer (ECONNRESET)."), 5],
  ])("continues after %s", async (_, reply, seconds) => {
    const { clock, credential } = setUp([reply as FakeReply, ann]);
    const start = clock.now();
    expect((await settled(credential.getToken(scope), clock)).token).toBe("token-of-ann");
    expect(clock.now() - start).toBe((5 + seconds) * 1_000);
  });

  it.each([
    [0, 1],
    [-1, 1],
    [1e9, 60],
    ["soon", 5],
    [undefined, 5],
    [null, 5],
  ])("polling for a device code sign-in reads the interval %j as %i seconds", async (interval, seconds) => {
    const { clock, credential } = setUp([ann], deviceAnswer({ interval }));
    const start = clock.now();
    await settled(credential.getToken(scope), clock);
    expect(clock.now() - start).toBe(seconds * 1_000);
  });
});

it("an error does not show a device code that the server quotes", async () => {
  const { clock, credential } = setUp([
    word("invalid_grant", { error_description: "AADSTS70000: canary-device-code" }),
  ]);
  const error = await errorOf(settled(credential.getToken(scope), clock));
  expect(error.message).toContain("AADSTS70000");
  expect(`${error.message} ${JSON.stringify(error)}`).not.toContain("canary");
});

describe("a device code sign-in gets no token", () => {
  it.each([
    ["declined", word("authorization_declined"), "cancelled", "sign-in-declined"],
    ["declined in the words of the RFC", word("access_denied"), "cancelled", "sign-in-declined"],
    ["declined by its number", word("access_denied", { error_codes: [65004] }), "cancelled", "sign-in-declined"],
    [
      "for a user who is not assigned to the application",
      word("access_denied", { error_codes: [50105] }),
      "rejected",
      "user-refused",
    ],
    ["expired", word("expired_token"), "timeout", "code-expired"],
    ["expired by its number", word("invalid_grant", { error_codes: [70019] }), "timeout", "code-expired"],
    ["not known", word("bad_verification_code", { error_codes: [70018] }), "rejected", "code-refused"],
    ["refused", word("invalid_client", { error_codes: [7000218] }), "misconfigured", "client-credential-missing"],
    ["answered by a page", { status: 404, body: "<html>" }, "failed", "unexpected-answer"],
  ])("from a code that is %s", async (_, reply, outcome, code) => {
    const { clock, credential, polled } = setUp([pending, reply]);
    const error = await errorOf(settled(credential.getToken(scope), clock));
    expect(error).toMatchObject({ outcome, code });
    expect(error.message).not.toContain("canary");
    expect(polled()).toBe(2);
  });

  it.each([
    ["is never typed", pending],
    ["can never be asked about", outcomeError("unreachable", "No answer (ECONNRESET).")],
    ["is asked about too often", { status: 429, headers: { "retry-after": "86400" } }],
  ])("from a code that %s: it ends with the code", async (_, reply) => {
    const { clock, credential } = setUp([reply as FakeReply], deviceAnswer({ expires_in: 60 }));
    const start = clock.now();
    const error = await errorOf(settled(credential.getToken(scope), clock));
    expect(error).toMatchObject({ outcome: "timeout", code: "code-expired" });
    expect(clock.now() - start).toBe(60_000);
  });

  it.each([
    ["no code", { user_code: undefined }],
    ["no device code", { device_code: undefined }],
    ["a code that a terminal would obey", { user_code: "\u001b[2J" }],
    ["no page", { verification_uri: 5 }],
    ["a script in place of a page", { verification_uri: "javascript:alert(1)" }],
    ["a page without TLS", { verification_uri: "http://login.example/device" }],
    ["no lifetime", { expires_in: undefined }],
    ["an endless lifetime", { expires_in: 1e300 }],
  ])("from a response with %s", async (_, changes) => {
    const { credential, prompts } = setUp([ann], deviceAnswer(changes));
    expect(await errorOf(credential.getToken(scope))).toMatchObject({
      outcome: "failed",
      code: "invalid-device-code-response",
    });
    expect(prompts).toEqual([]);
  });

  it.each([
    ["is empty", { body: "" }],
    ["is cut", { body: '{"device_c' }],
  ])("a device code is requested again when its response %s", async (_, broken) => {
    const { clock, credential, prompts } = setUp([deviceAnswer(), ann], broken);
    expect((await settled(credential.getToken(scope), clock)).token).toBe("token-of-ann");
    expect(prompts).toHaveLength(1);
  });

  it("a web page in place of a device code is reported as a captive portal", async () => {
    const { credential, prompts } = setUp([ann], { body: "<html>Welcome" });
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "captive-portal" });
    expect(prompts).toEqual([]);
  });

  it("a device code sign-in gets no token for an application that is refused", async () => {
    const refused = word("unauthorized_client", { error_codes: [700016], error_description: "AADSTS700016: No." });
    const { credential, prompts } = setUp([ann], refused);
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "unknown-application" });
    expect(prompts).toEqual([]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no screen, password=canary");
      },
    ],
    [
      "rejects",
      async () => {
        throw new Error("no screen, password=canary");
      },
    ],
    [
      "throws nonsense",
      () => {
        throw undefined;
      },
    ],
  ])("a device code sign-in gets no token with a userPromptCallback that %s", async (_, userPromptCallback) => {
    const { clock, credential, polled } = setUp([ann], deviceAnswer(), { userPromptCallback });
    const error = await errorOf(credential.getToken(scope));
    expect(error).toMatchObject({ outcome: "failed", code: "prompt-callback-failed" });
    expect(messageFaults(error)).toEqual([]);
    expect(error.message).not.toContain("canary");
    expect(clock.sleepers).toBe(0);
    expect(polled()).toBe(0);
  });
});

describe("an abort of a device code sign-in", () => {
  it.each([
    ["while the code is fetched", "silence", []],
    ["between two polls", deviceAnswer(), [pending]],
    ["in the middle of a poll", deviceAnswer(), ["silence"]],
  ] as const)("%s ends it at once, and nothing is left", async (_, device, polls) => {
    const { clock, credential } = setUp(polls, device);
    const controller = new AbortController();
    const token = errorOf(credential.getToken(scope, { abortSignal: controller.signal }));
    await clock.advance(7_000);
    controller.abort();
    expect(await token).toMatchObject({ name: "AbortError", outcome: "cancelled" });
    await clock.advance(0);
    expect(clock.sleepers).toBe(0);
  });

  it("an abort of a device code sign-in by closing the identity ends it", async () => {
    const { clock, identity, credential } = setUp([pending]);
    const token = errorOf(credential.getToken(scope));
    await clock.advance(7_000);
    await identity.close();
    expect(await token).toMatchObject({ code: "closed" });
    await clock.advance(0);
    expect(clock.sleepers).toBe(0);
  });
});

it("device-code writes the message to stderr by default", async () => {
  const { clock, credential } = setUp([ann], deviceAnswer(), { userPromptCallback: undefined });
  const written: string[] = [];
  const { write } = process.stderr;
  process.stderr.write = ((text: string) => written.push(text)) as never;
  try {
    await settled(credential.getToken(scope), clock);
  } finally {
    process.stderr.write = write;
  }
  expect(written.join("")).toContain("ABCD1234");
});
