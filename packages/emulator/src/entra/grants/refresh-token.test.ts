import { decodeJwt } from "jose";
import { expect, it } from "vitest";
import {
  ann,
  authorizeUrl,
  type Changes,
  desktop,
  exchangeCode,
  refresh,
  startWithUsers,
  storage,
  type TokenResponse,
  vault,
  withoutConsent,
} from "../../../test/support/users.ts";
import type { Emulator } from "../../emulator.ts";
import type { EmulatorOptions } from "../../emulator-options.ts";

const signIn = async (emulator: Emulator, changes: Changes = {}): Promise<TokenResponse> => {
  const { parameters } = await emulator.signIn(authorizeUrl(emulator, changes), { account: ann.username });
  return exchangeCode(emulator, parameters.code, { client_id: changes.client_id ?? desktop.clientId });
};
async function withUsers(options: EmulatorOptions, use: (emulator: Emulator) => Promise<void>): Promise<void> {
  const emulator = await startWithUsers(options);
  try {
    await use(emulator);
  } finally {
    await emulator.close();
  }
}

it("a refresh token is valid for every resource, and for the tenants in which its user is a guest", () =>
  withUsers({}, async (emulator) => {
    const first = await signIn(emulator);
    const other = await refresh(emulator, first, { scope: storage });
    const elsewhere = await refresh(emulator, first, {}, "fabrikam.example");
    expect(decodeJwt(other.access_token ?? "")).toMatchObject({
      aud: "https://storage.azure.com",
      tid: emulator.tenantId,
    });
    const { tid, oid, upn, idp } = decodeJwt(elsewhere.access_token ?? "");
    expect([upn, idp]).toEqual([ann.username, `https://sts.windows.net/${emulator.tenantId}/`]);
    expect([tid, oid]).not.toContain(emulator.tenantId);
    expect(oid).not.toBe(ann.objectId);
    expect(elsewhere.client_info).toBe(first.client_info);
  }));

it("a refresh token is refused by a tenant that does not have the user", () =>
  withUsers({}, async (emulator) => {
    const url = authorizeUrl(emulator, {}, "fabrikam.example");
    const { parameters } = await emulator.signIn(url, { account: "carl@fabrikam.example" });
    const tokens = await exchangeCode(emulator, parameters.code, {}, "fabrikam.example");
    expect((await refresh(emulator, tokens)).error_codes).toEqual([50020]);
  }));

it("a refresh token remains valid after its use, except with refuseUsedRefreshTokens", async () => {
  for (const refuseUsedRefreshTokens of [false, true]) {
    await withUsers({ refuseUsedRefreshTokens }, async (emulator) => {
      const first = await signIn(emulator);
      const second = await refresh(emulator, first);
      expect(second.refresh_token).not.toBe(first.refresh_token);
      const [again] = (await refresh(emulator, first)).error_codes ?? [];
      expect(again).toBe(refuseUsedRefreshTokens ? 70000 : undefined);
      expect((await refresh(emulator, second)).access_token).toBeDefined();
    });
  }
});

it("a refresh token is valid for 90 days", () =>
  withUsers({}, async (emulator) => {
    emulator.clock.set(1_800_000_000_000);
    const tokens = await signIn(emulator);
    emulator.clock.advance(90 * 86_400_000 - 1);
    expect((await refresh(emulator, tokens)).access_token).toBeDefined();
    emulator.clock.advance(1);
    expect(await refresh(emulator, tokens)).toMatchObject({ error_codes: [700082], suberror: "bad_token" });
  }));

it("a refresh token is valid for its client, or for the family of clients that share refresh tokens", () => {
  const family = [desktop, { ...withoutConsent, adminConsent: true }].map((one) => ({
    ...one,
    sharesRefreshTokens: true,
  }));
  const [, second] = family;
  const stranger = { clientId: "4d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d44", publicClient: true, secrets: [] };
  return withUsers({ tenants: [{ applications: [{}, ...family, stranger], users: [ann] }] }, async (emulator) => {
    const tokens = await signIn(emulator);
    expect(tokens.foci).toBe("1");
    expect((await refresh(emulator, tokens, { client_id: second?.clientId })).access_token).toBeDefined();
    const refused = await refresh(emulator, tokens, { client_id: stranger.clientId });
    expect(refused).toMatchObject({ error_codes: [70000], suberror: "client_mismatch" });
    const own = await signIn(emulator, { client_id: stranger.clientId });
    expect(own).not.toHaveProperty("foci");
    expect(await refresh(emulator, own)).toMatchObject({ error_codes: [70000] });
  });
});

it("a refresh token is refused for permissions that the user has not consented to", () =>
  withUsers({}, async (emulator) => {
    const client_id = withoutConsent.clientId;
    const tokens = await signIn(emulator, { client_id });
    expect((await refresh(emulator, tokens, { client_id, scope: vault })).access_token).toBeDefined();
    const refused = await refresh(emulator, tokens, { client_id, scope: storage });
    expect(refused).toMatchObject({ error_codes: [65001], suberror: "consent_required" });
  }));
