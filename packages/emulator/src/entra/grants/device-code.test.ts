import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { send } from "../../../test/support/plain-client.ts";
import {
  ann,
  ben,
  type Device,
  desktop,
  pollForTokens,
  startDevice,
  startWithUsers,
  vault,
  web,
  withoutConsent,
} from "../../../test/support/users.ts";
import type { Emulator } from "../../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startWithUsers();
});
beforeEach(() => {
  emulator.policies.clear();
  emulator.clock.set(1_800_000_000_000);
});
afterAll(() => emulator.close());

const poll = (device: Device, tenant?: string) => pollForTokens(emulator, device, tenant);

it("a device with a code receives the verification URI and the user code", async () => {
  const device = await startDevice(emulator);
  expect(device).toEqual({
    device_code: expect.any(String),
    user_code: expect.stringMatching(/^[A-HJ-NP-Z2-9]{9}$/),
    verification_uri: `${emulator.authorityHost}/common/oauth2/deviceauth`,
    expires_in: 900,
    interval: 1,
    message: expect.stringContaining(device.user_code),
  });
  expect((await send(emulator, device.verification_uri)).body).toContain("<h1>Enter the code</h1>");
  expect((await send(emulator, `${device.verification_uri}?user_code=AB"C`)).body).toContain('value="AB&quot;C"');
});

it.each([
  [{ client_id: "" }, 900144],
  [{ scope: "" }, 900144],
  [{ client_id: "9d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d99" }, 700016],
  [{ scope: "https://unknown.example/.default" }, 500011],
  [{ claims: "nonsense" }, 50117],
])("a device with a code receives no code with %j", async (changes, code) => {
  expect(await startDevice(emulator, changes)).toMatchObject({ error_codes: [code] });
});

it("a device with a code receives tokens after the user has signed in and confirmed, and the code is valid once", async () => {
  const device = await startDevice(emulator);
  expect(await poll(device)).toMatchObject({ error: "authorization_pending", error_codes: [70016] });
  const typed = ` ${device.user_code.slice(0, 4).toLowerCase()}-${device.user_code.slice(4)} `;
  expect(await emulator.signInAtDevice(typed, { account: ben.username })).toEqual({
    steps: ["account", "password", "confirm"],
    approved: true,
  });
  expect(decodeJwt((await poll(device)).access_token ?? "")).toMatchObject({
    upn: ben.username,
    appid: desktop.clientId,
  });
  expect(await poll(device)).toMatchObject({ error_codes: [70000] });
  await expect(emulator.signInAtDevice(device.user_code)).rejects.toThrow(/Invalid verification code/);
});

it.each(["confirm", "account", "password"] as const)(
  "a device with a code receives authorization_declined if the user cancels on the page %s",
  async (decline) => {
    const device = await startDevice(emulator);
    expect(await emulator.signInAtDevice(device.user_code, { decline })).toMatchObject({ approved: false });
    expect(await poll(device)).toMatchObject({ error: "authorization_declined" });
    expect(await poll(device)).toMatchObject({ error_codes: [70000] });
  },
);

it("a device with a code cannot be approved twice, even before it has polled", async () => {
  const device = await startDevice(emulator);
  await emulator.signInAtDevice(device.user_code, { decline: "confirm" });
  await expect(emulator.signInAtDevice(device.user_code)).rejects.toThrow(/Invalid verification code/);
  expect(await poll(device)).toMatchObject({ error: "authorization_declined" });
});

it("a device with a code receives expired_token after the expiry, and the page reports it", async () => {
  const device = await startDevice(emulator);
  emulator.clock.advance(899_999);
  expect(await poll(device)).toMatchObject({ error: "authorization_pending" });
  emulator.clock.advance(1);
  expect(await poll(device)).toMatchObject({ error: "expired_token", error_codes: [70020] });
  await expect(emulator.signInAtDevice(device.user_code)).rejects.toThrow(/has expired/);
});

it("a device with a code receives expired_token if it polls after the expiry, although the user has signed in", async () => {
  const device = await startDevice(emulator);
  await emulator.signInAtDevice(device.user_code);
  emulator.clock.advance(900_000);
  expect(await poll(device)).toMatchObject({ error: "expired_token" });
});

it("a device with a code cannot redeem the code of another client or tenant", async () => {
  const device = await startDevice(emulator);
  expect(await poll({ ...device, device_code: "made up" })).toMatchObject({ error_codes: [70000] });
  expect(await poll(device, "fabrikam.example")).toMatchObject({ error_codes: [70000] });
  const form = {
    grant_type: "device_code",
    device_code: device.device_code,
    client_id: web.clientId,
    client_secret: "web-s3cret",
  };
  const { json } = await send(emulator, `/${emulator.tenantId}/oauth2/v2.0/token`, { form });
  expect(json).toMatchObject({ error_codes: [70000] });
});

it("a device with a code receives tokens of the user's home tenant under a shared name", async () => {
  const device = await startDevice(emulator, {}, "organizations");
  expect(await poll(device, "organizations")).toMatchObject({ error: "authorization_pending" });
  await emulator.signInAtDevice(device.user_code, { account: "carl@fabrikam.example" });
  const { access_token } = await poll(device, "organizations");
  expect(decodeJwt(access_token ?? "")).toMatchObject({ upn: "carl@fabrikam.example" });
});

it("a device with a code is approved after the page has prompted for a second factor and a consent", async () => {
  emulator.policies.add({ grantControl: "mfa", resource: "https://vault.azure.net" });
  const device = await startDevice(emulator, { client_id: withoutConsent.clientId });
  expect(await emulator.signInAtDevice(device.user_code, { account: ann.username })).toEqual({
    steps: ["account", "password", "second-factor", "confirm", "consent"],
    approved: true,
  });
});

it("a device with a code can be approved without a page", async () => {
  const [one, other] = [await startDevice(emulator), await startDevice(emulator, { scope: vault })];
  emulator.policies.add({ grantControl: "mfa" });
  emulator.approveDevices(ann.username);
  for (const device of [one, other]) {
    expect(decodeJwt((await poll(device)).access_token ?? "")).toMatchObject({
      oid: ann.objectId,
      amr: ["pwd", "mfa"],
    });
  }
});

it("a device that polls too often receives authorization_pending by default", async () => {
  const device = await startDevice(emulator);
  expect([(await poll(device)).error, (await poll(device)).error]).toEqual(Array(2).fill("authorization_pending"));
});

it("a device that polls too often receives slow_down and a longer interval with enforcePollingInterval", async () => {
  const strict = await startWithUsers({ enforcePollingInterval: true });
  try {
    strict.clock.set(1_800_000_000_000);
    const device = await startDevice(strict);
    const errors: (string | undefined)[] = [];
    for (const wait of [0, 1000, 999, 5999, 11_000]) {
      strict.clock.advance(wait);
      errors.push((await pollForTokens(strict, device)).error);
    }
    const [pending, hasty] = ["authorization_pending", "slow_down"];
    expect(errors).toEqual([pending, pending, hasty, hasty, pending]);
  } finally {
    await strict.close();
  }
});
