import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claimsIn, type PlainResponse, requestHostToken, send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import type { ExpiryFormat } from "./expiry.ts";

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
const ask = (asked = emulator, signal?: AbortSignal): Promise<PlainResponse> =>
  requestHostToken(asked, "imds", query, { Metadata: "true" }, signal === undefined ? {} : { signal });

it.each([
  [{ moon: {} }, TypeError],
  [{ imds: { tokenLifetimeSeconds: 0 } }, RangeError],
  [{ imds: {}, "app-service": { tokenLifetimeSeconds: 1.5 } }, RangeError],
])("the hosts of the options are rejected if they are %j", async (hosts, error) => {
  await expect(startEmulator({ hosts: hosts as object })).rejects.toThrow(error);
});

it("the hosts of the options have the ids and the lifetime of the options", async () => {
  const own = { clientId: "C", objectId: "O", resourceId: "/R" };
  await using named = await startEmulator({ hosts: { imds: { systemAssigned: own, tokenLifetimeSeconds: 60 } } });
  const answer = await ask(named);
  expect(claimsIn(answer)).toMatchObject({ appid: "C", oid: "O", xms_mirid: "/R" });
  expect(answer.json).toMatchObject({ expires_in: "60" });
});

it("the hosts of the options never respond if they are silent", async () => {
  await using silent = await startEmulator({ hosts: { imds: { silent: true } } });
  const abort = new AbortController();
  const arrival = silent.requests.next();
  const answer = ask(silent, abort.signal);
  expect(await arrival).toMatchObject({ service: "imds", status: undefined });
  silent.faults.clear();
  abort.abort();
  await expect(answer).rejects.toThrow("abort");
});

it("emulator.host rejects a host that was not started", () => {
  expect(() => emulator.env("azure-arc")).toThrow(TypeError);
  expect(() => emulator.host("azure-arc")).toThrow(TypeError);
});

describe("a fault of a host", () => {
  const now = 1_700_000_000;
  const forms: readonly [ExpiryFormat, Readonly<Record<string, unknown>>][] = [
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
  it.each(forms)("a fault of a host returns the expiry only in the format %s", async (expiry, expected) => {
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

  it("a fault of a host with an unknown format of expiry is rejected", () => {
    expect(() => emulator.faults.add({ expiry: "toString" as "none" })).toThrow(TypeError);
  });

  it("a fault of a host sends half of a body and then nothing", async () => {
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

  it("a fault of a host applies only to the host of its `service`", async () => {
    emulator.faults.add({ service: "azure-ml", status: 500 });
    expect((await ask()).status).toBe(200);
    const headers = { secret: emulator.env("azure-ml").MSI_SECRET ?? "" };
    expect(
      (await requestHostToken(emulator, "azure-ml", { ...query, "api-version": "2017-09-01" }, headers)).status,
    ).toBe(500);
  });

  it("a fault of a host cannot be an AADSTS error or, except at Azure Arc, a challenge", async () => {
    emulator.faults.add({ service: "imds", error: 50076 }, { service: "imds", challenge: "azure-arc" });
    for (let n = 0; n < 2; n++) {
      expect(await ask()).toMatchObject({ status: 500, json: { emulator: expect.any(String) } });
    }
  });
});

it.each([
  ["app-service", "X-IDENTITY-HEADER", "IDENTITY_HEADER"],
  ["container-apps", "X-IDENTITY-HEADER", "IDENTITY_HEADER"],
  ["azure-ml", "secret", "MSI_SECRET"],
] as const)("the journal of %s holds no secret and no token", async (name, header, variable) => {
  const secret = emulator.env(name)[variable] ?? "";
  const version = name === "azure-ml" ? "2017-09-01" : "2019-08-01";
  const { json } = await requestHostToken(emulator, name, { ...query, "api-version": version }, { [header]: secret });
  expect(emulator.requests[0]).toMatchObject({ service: name, status: 200 });
  const written = JSON.stringify(emulator.requests);
  for (const hidden of [secret, (json as { readonly access_token: string }).access_token]) {
    expect(written).not.toContain(hidden);
  }
});

it("the journal does not contain the key of an Azure Arc client", async () => {
  await using arc = await startEmulator({ hosts: { "azure-arc": {} } });
  await send(arc, arc.host("azure-arc").endpoint, { headers: { Metadata: "true", Authorization: "Basic c4n4ry" } });
  expect(arc.requests).toHaveLength(1);
  expect(JSON.stringify(arc.requests)).not.toContain("c4n4ry");
});
