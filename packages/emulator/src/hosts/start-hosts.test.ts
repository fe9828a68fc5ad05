import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { askHost, claimsIn, type PlainAnswer, send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import type { ExpiryForm } from "./expiry.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { imds: {}, "azure-ml": {}, "app-service": {}, "container-apps": {} } });
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.requests.clear();
});
afterAll(() => emulator.close());

const query = { "api-version": "2018-02-01", resource: "https://vault.azure.net" };
const ask = (asked = emulator, signal?: AbortSignal): Promise<PlainAnswer> =>
  askHost(asked, "imds", query, { Metadata: "true" }, signal === undefined ? {} : { signal });

describe("the options", () => {
  it.each([
    [{ moon: {} }, TypeError],
    [{ imds: { tokenLifetime: 0 } }, RangeError],
    [{ imds: {}, "app-service": { tokenLifetime: 1.5 } }, RangeError],
  ])("%j are refused", async (hosts, error) => {
    await expect(startEmulator({ hosts: hosts as object })).rejects.toThrow(error);
  });

  it("name the ids and the lifetime", async () => {
    const own = { clientId: "C", objectId: "O", resourceId: "/R" };
    await using named = await startEmulator({ hosts: { imds: { systemAssigned: own, tokenLifetime: 60 } } });
    const answer = await ask(named);
    expect(claimsIn(answer)).toMatchObject({ appid: "C", oid: "O", xms_mirid: "/R" });
    expect(answer.json).toMatchObject({ expires_in: "60" });
  });

  it("of a host that is mute let it take a request and never answer", async () => {
    await using mute = await startEmulator({ hosts: { imds: { mute: true } } });
    const abort = new AbortController();
    const arrival = mute.requests.next();
    const answer = ask(mute, abort.signal);
    expect(await arrival).toMatchObject({ service: "imds", status: undefined });
    mute.faults.clear();
    abort.abort();
    await expect(answer).rejects.toThrow("abort");
  });
});

it("does not know a host that was not started", () => {
  expect(() => emulator.env("azure-arc")).toThrow(TypeError);
  expect(() => emulator.host("azure-arc")).toThrow(TypeError);
});

describe("a fault", () => {
  const now = 1_700_000_000;
  const forms: readonly [ExpiryForm, Readonly<Record<string, unknown>>][] = [
    ["seconds", { expires_on: now + 86_399 }],
    ["seconds-text", { expires_on: String(now + 86_399) }],
    ["iso-8601", { expires_on: "2023-11-15T22:13:19Z" }],
    ["us-date", { expires_on: "11/15/2023 10:13:19 PM +00:00" }],
    ["us-date-24-hour", { expires_on: "11/15/2023 22:13:19 +00:00" }],
    ["expires-in", { expires_in: 86_399 }],
    ["expires-in-text", { expires_in: "86399" }],
    ["relative", { expires_on: "86399" }],
    ["milliseconds", { expires_on: String((now + 86_399) * 1_000) }],
    ["past", { expires_on: String(now - 1) }],
    ["none", {}],
  ];
  it.each(forms)("tells the expiry in the form %s, and in no other", async (expiry, expected) => {
    emulator.clock.set(now * 1_000);
    emulator.faults.add({ service: "imds", expiry });
    const { expires_on, expires_in, ext_expires_in } = (await ask()).json as Record<string, unknown>;
    expect({ expires_on, expires_in, ext_expires_in }).toEqual({
      expires_on: undefined,
      expires_in: undefined,
      ext_expires_in: undefined,
      ...expected,
    });
  });

  it("with an unknown form of expiry is refused", () => {
    expect(() => emulator.faults.add({ expiry: "toString" as "none" })).toThrow(TypeError);
  });

  it("sends half of a body and then nothing", async () => {
    const whole = Buffer.byteLength((await ask()).body);
    emulator.faults.add({ service: "imds", connection: "stall" });
    const url = new URL(emulator.host("imds").endpoint);
    url.search = new URLSearchParams(query).toString();
    const abort = new AbortController();
    const response = await fetch(url, { headers: { Metadata: "true" }, signal: abort.signal });
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(value?.length).toBe(Math.floor(whole / 2));
    abort.abort();
  });

  it("meets the host that it names alone", async () => {
    emulator.faults.add({ service: "azure-ml", status: 500 });
    expect((await ask()).status).toBe(200);
    const headers = { secret: emulator.env("azure-ml").MSI_SECRET ?? "" };
    expect((await askHost(emulator, "azure-ml", { ...query, "api-version": "2017-09-01" }, headers)).status).toBe(500);
  });

  it("has no AADSTS error for a host, and no challenge for one without", async () => {
    emulator.faults.add({ service: "imds", error: 50076 }, { service: "imds", challenge: "azure-arc" });
    for (let n = 0; n < 2; n++) {
      expect(await ask()).toMatchObject({ status: 500, json: { emulator: expect.any(String) } });
    }
  });
});

describe("the journal", () => {
  it.each([
    ["app-service", "X-IDENTITY-HEADER", "IDENTITY_HEADER"],
    ["container-apps", "X-IDENTITY-HEADER", "IDENTITY_HEADER"],
    ["azure-ml", "secret", "MSI_SECRET"],
  ] as const)("of %s holds no secret and no token", async (name, header, variable) => {
    const secret = emulator.env(name)[variable] ?? "";
    const version = name === "azure-ml" ? "2017-09-01" : "2019-08-01";
    const { json } = await askHost(emulator, name, { ...query, "api-version": version }, { [header]: secret });
    expect(emulator.requests[0]).toMatchObject({ service: name, status: 200 });
    const written = JSON.stringify(emulator.requests);
    for (const hidden of [secret, (json as { readonly access_token: string }).access_token]) {
      expect(written).not.toContain(hidden);
    }
  });

  it("tells which key an Arc client has shown neither", async () => {
    await using arc = await startEmulator({ hosts: { "azure-arc": {} } });
    await send(arc, arc.host("azure-arc").endpoint, { headers: { Metadata: "true", Authorization: "Basic c4n4ry" } });
    expect(arc.requests).toHaveLength(1);
    expect(JSON.stringify(arc.requests)).not.toContain("c4n4ry");
  });
});
