/**
 * Damaged device codes, polls and records: each has to become a value, or an error of azidentity in
 * the right form.
 */
import type { Clock, HttpResponse } from "@azidentity/core/plugin";
import {
  createFakeClock,
  createFakeHttp,
  createTestContext,
  createTestRequest,
  damageText,
  type FakeReply,
  resultFaults,
} from "@azidentity/core/testing";
import { fuzzRuns, fuzzTimeoutMs, omitStackFrames, refusal } from "@azidentity/test-support";
import fc from "fast-check";
import { expect, it } from "vitest";
import users, { deserializeAuthenticationRecord } from "../src/index.ts";
import { createDeviceHttp, type DeviceCodeInfo } from "../src/user/device-http.ts";
import { deviceAnswer, userAnswer } from "./user-answer.ts";

omitStackFrames();

const damaged = (...texts: readonly string[]) =>
  fc.tuple(fc.constantFrom(...texts), fc.nat()).map(([text, damage]) => damageText(text, damage));

const statuses = fc.constantFrom(200, 200, 200, 302, 400, 400, 400, 401, 403, 429, 500, 503);
const headers = fc.record({
  "content-type": damaged("application/json; charset=utf-8", "text/html"),
  "retry-after": fc.nat({ max: 600 }).map(String),
});
const word = (error: string) =>
  JSON.stringify({ error, error_description: "AADSTS70016: Pending.", error_codes: [70016] });
const deviceBodies = [
  deviceAnswer().body,
  deviceAnswer({ interval: "5", expires_in: "900" }).body,
  deviceAnswer({ message: undefined }).body,
];
const bodies = [
  ...deviceBodies,
  word("authorization_pending"),
  word("slow_down"),
  word("authorization_declined"),
  word("expired_token"),
  refusal(70_019).body,
  refusal(50_076, { claims: '{"access_token":{"capolids":{"essential":true,"values":["1"]}}}' }).body,
  userAnswer({ name: "ann" }).body,
  "<html>Sign in to the hotel</html>",
];
const replies = fc.record({ status: statuses, headers, body: damaged(...bodies) });
const devices = fc.oneof(
  fc.constant(deviceAnswer()),
  fc.record({ status: fc.constant(200), headers, body: damaged(...deviceBodies) }),
  replies,
);

/** A clock on which every pause is over at once. */
function createHurriedClock(): Clock {
  const clock = createFakeClock();
  let passedMs = 0;
  return {
    ...clock,
    monotonic: () => clock.monotonic() + passedMs,
    now: () => clock.now() + passedMs,
    async sleep(ms) {
      passedMs += ms;
    },
    startTimer: () => () => undefined,
  };
}

/** The secrets of these tests begin alike. */
const showsSecret = (text: string) => text.includes("canary");

function faultsOf(result: unknown): string[] {
  const { message = "", stack = "" } = Object(result) as Partial<Error>;
  return [...resultFaults(result), ...(showsSecret(`${message}${stack}`) ? ["It shows a secret."] : [])];
}

const isResponse = (result: unknown): result is HttpResponse =>
  typeof (result as HttpResponse).status === "number" && !(result instanceof Error);

const printable = /^[^\p{Cc}\p{Cf}]+$/u;
const isShowable = ({ userCode, verificationUri, message, expiresOnTimestamp }: DeviceCodeInfo) =>
  [userCode, verificationUri, message].every((text) => printable.test(text)) &&
  verificationUri.startsWith("https:") &&
  Number.isFinite(expiresOnTimestamp);

/**
 * The responses to the request for a code and to the request for its token, or what they reject
 * with.
 */
async function exchange(device: FakeReply, poll: FakeReply) {
  const clock = createHurriedClock();
  const shown: DeviceCodeInfo[] = [];
  const http = createDeviceHttp({
    sourceName: "device-code",
    http: createFakeHttp(device, poll, userAnswer({ name: "ann" })),
    clock,
    retry: createTestContext({ clock }).retry,
    show: (info) => shown.push(info),
  });
  const send = (path: string) =>
    http
      .send(
        { method: "POST", url: `https://login.test/contoso/oauth2/v2.0/${path}`, headers: {}, body: "" },
        new AbortController().signal,
      )
      .catch((error: unknown) => error);
  const results = [await send("devicecode")];
  if (shown.length > 0) results.push(await send("token"));
  return { results, shown };
}

it(
  "10 000 damaged responses with device codes, and to their polls, are each a response, or an error of ours in the right form",
  async () => {
    let shownCodes = 0;
    const property = fc.asyncProperty(devices, replies, async (device, poll) => {
      const { results, shown } = await exchange(device, poll);
      shownCodes += shown.length;
      const faults = results.filter((result) => !isResponse(result)).flatMap(faultsOf);
      if (faults.length > 0 || !shown.every(isShowable)) expect([faults, shown]).toEqual([[], []]);
    });
    await fc.assert(property, fuzzRuns);
    expect(shownCodes).toBeGreaterThan(3_500);
  },
  fuzzTimeoutMs,
);

it(
  "2 000 sign-ins with damaged responses are each a token, or an error of ours in the right form",
  async () => {
    const source = users.sources.find(({ name }) => name === "device-code");
    const signIn = async (device: FakeReply, poll: FakeReply): Promise<unknown> => {
      const http = createFakeHttp(device, poll, userAnswer({ name: "ann" }));
      const context = createTestContext({ http, clock: createHurriedClock(), tenantId: null, env: {} });
      try {
        const credential = await source?.create(
          { clientId: "app", userPromptCallback: () => undefined } as never,
          context,
        );
        return await credential?.getToken(createTestRequest());
      } catch (error) {
        return error;
      }
    };
    let tokens = 0;
    const property = fc.asyncProperty(devices, replies, async (device, poll) => {
      const result = await signIn(device, poll);
      if (!(result instanceof Error)) tokens++;
      const faults = faultsOf(result);
      if (faults.length > 0) expect(faults, String(result)).toEqual([]);
    });
    await fc.assert(property, { ...fuzzRuns, numRuns: 2_000 });
    expect(tokens).toBeGreaterThan(50);
  },
  fuzzTimeoutMs,
);

it("10 000 damaged authentication records are each a record, or an error of ours that does not show them", () => {
  const record = {
    authority: "login.microsoftonline.com",
    homeAccountId: "canary-1111.canary-2222",
    clientId: "canary-app",
    tenantId: "22222222-2222-4222-8222-222222222222",
    username: "canary-ann@contoso.example",
  };
  const texts = [JSON.stringify({ ...record, version: "1.0" }), JSON.stringify(record, undefined, 2)];
  let read = 0;
  const property = fc.property(damaged(...texts), (text) => {
    let result: unknown;
    try {
      result = deserializeAuthenticationRecord(text);
    } catch (error) {
      const faults = faultsOf(error);
      if (faults.length > 0) expect(faults, String(error)).toEqual([]);
      return;
    }
    read++;
    const fields = Object.values(result as object);
    if (!fields.every((field) => typeof field === "string" && field !== "")) expect(fields).toEqual([]);
  });
  fc.assert(property, fuzzRuns);
  expect(read).toBeGreaterThan(100);
});
