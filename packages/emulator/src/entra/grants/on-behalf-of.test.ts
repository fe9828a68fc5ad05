import { OnBehalfOfCredential } from "@azure/identity";
import { afterAll, beforeAll, expect, it } from "vitest";
import { trust } from "../../../test/support/trust.ts";
import {
  ann,
  authorizeUrl,
  exchangeCode,
  requestUserTokens,
  startWithUsers,
  vault,
} from "../../../test/support/users.ts";
import { type Emulator, startEmulator } from "../../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  return trust(emulator);
});
afterAll(() => emulator.close());

/** The token that Microsoft's client receives for a user. */
function getToken(userAssertionToken: string, scopes: string | string[] = "https://vault.azure.net/.default") {
  const { tenantId, application, authorityHost } = emulator;
  const options = { tenantId, ...application, userAssertionToken, authorityHost, disableInstanceDiscovery: true };
  return new OnBehalfOfCredential(options).getToken(scopes);
}
const claimsOf = (token = "") => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

it("the on-behalf-of grant returns a token of the user to Microsoft's client", async () => {
  const objectId = "5f0c4b0e-8a52-4f0b-9d0f-2f6f0e6f9b11";
  const token = await getToken(await emulator.issueUserToken({ username: "bob@contoso.example", objectId }));
  const { aud, oid, scp, appid } = claimsOf(token?.token);
  expect({ aud, oid, scp, appid }).toEqual({
    aud: "https://vault.azure.net",
    oid: objectId,
    scp: "user_impersonation",
    appid: emulator.application.clientId,
  });
});

it("the on-behalf-of grant refuses an assertion that has no user, another audience, or is expired", async () => {
  const foreign = (await getToken(await emulator.issueUserToken()))?.token ?? "";
  await expect(getToken(foreign)).rejects.toThrow("AADSTS500131");
  await expect(getToken("nonsense")).rejects.toThrow("AADSTS50013");
  const old = await emulator.issueUserToken();
  emulator.clock.advance(3_700_000);
  await expect(getToken(old)).rejects.toThrow("AADSTS500133");
  emulator.clock.set(Date.now());
});

it("the on-behalf-of grant refuses scopes of several resources", async () => {
  const user = await emulator.issueUserToken();
  const scopes = ["https://vault.azure.net/.default", "https://graph.microsoft.com/User.Read"];
  await expect(getToken(user, scopes)).rejects.toThrow("AADSTS28000");
});

it("the on-behalf-of grant applies policies, and returns the claims to sign in with", async () => {
  const emulator = await startWithUsers();
  try {
    const { application, api } = emulator;
    const signIn = async (claims?: string) => {
      const { parameters } = await emulator.signIn(authorizeUrl(emulator, { scope: api.scope, claims }));
      return (await exchangeCode(emulator, parameters.code)).access_token;
    };
    const onBehalfOf = async (assertion: string | undefined) =>
      requestUserTokens(emulator, {
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        requested_token_use: "on_behalf_of",
        client_id: application.clientId,
        client_secret: application.clientSecret,
        scope: vault,
        assertion,
      });
    emulator.policies.add({ grantControl: "mfa", resource: "https://vault.azure.net", username: ann.username });
    const refused = await onBehalfOf(await signIn());
    expect(refused).toMatchObject({ error_codes: [50076], suberror: "basic_action" });
    const { access_token } = await onBehalfOf(await signIn(refused.claims));
    expect(claimsOf(access_token)).toMatchObject({ oid: ann.objectId, appid: application.clientId });
  } finally {
    await emulator.close();
  }
});
