import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseUnifiedCache, type UnifiedCache, usersOf, withoutRefreshToken, withUser } from "./unified-cache.ts";

const application = { authorityHost: "https://login.microsoftonline.com", clientId: "app" };
const homeAccountId = "uid.utid";
const user = { ...application, homeAccountId };
const record = {
  authority: "login.windows.net",
  homeAccountId,
  clientId: "app",
  tenantId: "utid",
  username: "ann@contoso.example",
};

/** A cache as MSAL writes it, with unknown sections and fields. */
const written: UnifiedCache = {
  Account: {
    "uid.utid-login.windows.net-utid": {
      home_account_id: "uid.utid",
      environment: "login.windows.net",
      realm: "utid",
      local_account_id: "uid",
      username: "ann@contoso.example",
      authority_type: "MSSTS",
      something: "new",
    },
  },
  RefreshToken: {
    "uid.utid-login.windows.net-refreshtoken-app---": {
      home_account_id: "uid.utid",
      environment: "login.windows.net",
      credential_type: "RefreshToken",
      client_id: "app",
      secret: "r1",
      family_id: "1",
    },
  },
  AccessToken: { key: { secret: "a" } },
  Future: 7,
};

describe("the users of a cache", () => {
  it("a user is found under any alias of the authority, with the refresh token", () => {
    expect(usersOf(written, application)).toEqual([{ record, refreshToken: "r1" }]);
    expect(usersOf(written, { ...application, authorityHost: "https://sts.windows.net" })).toHaveLength(1);
    expect(usersOf(written, { ...application, clientId: "APP" })).toHaveLength(1);
  });

  it("users of another cloud or application are not found", () => {
    expect(usersOf(written, { ...application, authorityHost: "https://login.microsoftonline.us" })).toEqual([]);
    expect(usersOf(written, { ...application, clientId: "another" })).toEqual([]);
  });

  it("a user whose id is written in two cases is found once", () => {
    const { Account } = written as { Account: Record<string, object> };
    const other = { ...Object.values(Account)[0], home_account_id: "UID.utid" };
    expect(usersOf({ ...written, Account: { ...Account, other } }, application)).toEqual([
      { record, refreshToken: "r1" },
    ]);
  });

  it("users without a refresh token or an account are not found", () => {
    expect(usersOf({ ...written, RefreshToken: {} }, application)).toEqual([]);
    expect(usersOf({ ...written, Account: {} }, application)).toEqual([]);
  });

  it("a text that is not a cache has no users", () => {
    for (const text of [null, undefined, "", "{", "[]", "null", "7", '{"Account":7}', '{"Account":{"a":null}}']) {
      expect(usersOf(parseUnifiedCache(text) ?? {}, application)).toEqual([]);
    }
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(usersOf(parseUnifiedCache(text) ?? {}, application)).toEqual([]);
      }),
    );
  });
});

describe("a user who signs in here", () => {
  const signedIn = withUser({}, application, { record, refreshToken: "r1" });

  it("a user who signs in here is found like others", () => {
    expect(usersOf(signedIn, application)).toEqual([{ record, refreshToken: "r1" }]);
  });

  it("a user is written with the keys and fields of MSAL", () => {
    expect(signedIn).toMatchObject({
      Account: {
        "uid.utid-login.windows.net-utid": {
          local_account_id: "uid",
          authority_type: "MSSTS",
          client_info: Buffer.from('{"uid":"uid","utid":"utid"}').toString("base64url"),
        },
      },
      RefreshToken: {
        "uid.utid-login.windows.net-refreshtoken-app---": { credential_type: "RefreshToken", secret: "r1" },
      },
    });
  });

  it("a new refresh token replaces the one of the user and nothing else", () => {
    const renewed = withUser(written, application, { record, refreshToken: "r2" });
    expect(JSON.stringify(renewed)).toBe(JSON.stringify(written).replace('"r1"', '"r2"'));
  });

  it("a user whose id does not name a tenant is not written", () => {
    expect(withUser(written, application, { record: { ...record, homeAccountId: "adfs" }, refreshToken: "r2" })).toBe(
      written,
    );
  });
});

describe("a refresh token that Entra refused", () => {
  it("a refused refresh token is removed, and nothing else", () => {
    expect(withoutRefreshToken(written, user, "r1")).toEqual({ ...written, RefreshToken: {} });
  });

  it("a refresh token that another tool has renewed is kept", () => {
    expect(withoutRefreshToken(written, user, "r0")).toBe(written);
  });
});
