import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../emulator.ts";

const clientId = "11111111-1111-4111-8111-111111111111";
const ann = { username: "ann@contoso.example", password: "s3cret" };
const scope = "https://vault.azure.net/.default openid offline_access";
type Body = Readonly<Record<string, string> & { readonly error_codes: readonly number[] }>;

let emulator: Emulator;
beforeAll(async () => {
  const tenant = { applications: [{}, { clientId, publicClient: true, secrets: [] }], users: [ann] };
  emulator = await startEmulator({ tenants: [tenant, { users: [] }] });
});
afterAll(() => emulator.close());

async function post(path: string, form: Record<string, string>): Promise<Body> {
  const url = `${emulator.authorityHost}/${emulator.tenantId}/oauth2/v2.0/${path}`;
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const sent = request(url, { method: "POST", ca: emulator.caCertificate, headers, agent: false });
  sent.end(new URLSearchParams({ client_id: clientId, ...form }).toString());
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return (await json(response)) as Body;
}
const byPassword = (more: Record<string, string> = {}) =>
  post("token", { grant_type: "password", scope, ...ann, ...more });
const claimsOf = (token = "") => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));

it("a user signs in by name and password, and again by refresh token, for another resource too", async () => {
  const first = await byPassword();
  expect(claimsOf(first.access_token)).toMatchObject({
    aud: "https://vault.azure.net",
    upn: ann.username,
    idtyp: "user",
  });
  expect(claimsOf(first.id_token)).toMatchObject({ aud: clientId, preferred_username: ann.username });
  const other = "https://storage.azure.com/.default";
  const refresh = { grant_type: "refresh_token", refresh_token: first.refresh_token ?? "", scope: other };
  expect(claimsOf((await post("token", refresh)).access_token).aud).toBe("https://storage.azure.com");
});

it.each([
  [{ password: "wrong" }, 50126],
  [{ username: "unknown@contoso.example" }, 50126],
  [{ scope: "https://vault.azure.net/a https://storage.azure.com/b" }, 28000],
  [{ scope: "/.default" }, 70011],
  [{ scope: "https://unknown.example/.default" }, 500011],
  [{ client_secret: "x" }, 700025],
])("a user is refused with %j", async (more, code) => {
  expect((await byPassword(more)).error_codes).toEqual([code]);
});

it("a user cannot use a revoked or unknown refresh token", async () => {
  const { access_token, refresh_token = "" } = await byPassword();
  emulator.revokeSession(claimsOf(access_token).oid);
  const refresh = (text: string) => post("token", { grant_type: "refresh_token", refresh_token: text, scope });
  expect((await refresh(refresh_token)).error_codes).toEqual([50173]);
  expect((await refresh("never given")).error_codes).toEqual([70000]);
});

it("a user approves a pending device code, which is valid once", async () => {
  const { device_code = "" } = await post("devicecode", { scope });
  const poll = () => post("token", { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code });
  expect((await poll()).error).toBe("authorization_pending");
  expect(() => emulator.approveDevices("unknown@contoso.example")).toThrow(RangeError);
  emulator.approveDevices(ann.username);
  expect(claimsOf((await poll()).access_token).upn).toBe(ann.username);
  expect((await poll()).error_codes).toEqual([70000]);
});
