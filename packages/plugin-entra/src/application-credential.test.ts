import type { RetryTable } from "@azidentity/core/plugin";
import { createFakeHttp } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { errorOf, sourceContext, tokenAnswer, tokenRequest } from "../test/source-context.ts";
import { createApplicationCredential } from "./application-credential.ts";
import { secretAuthentication } from "./client-authentication/client-authentication.ts";

const application = {
  sourceName: "client-secret",
  tenantId: "contoso.com",
  clientId: "app",
  clientAuthentication: secretAuthentication("canary"),
};
const tenantOf = (url: string | undefined) => new URL(url ?? "").pathname.split("/")[1];

it("an application credential uses the tenant of the request, else its own", async () => {
  const http = createFakeHttp(tokenAnswer());
  const credential = createApplicationCredential(() => application, sourceContext({ http }));
  await credential.getToken(tokenRequest());
  await credential.getToken(tokenRequest({ tenantId: "fabrikam.com" }));
  expect(http.requests.map(({ url }) => tenantOf(url))).toEqual(["contoso.com", "fabrikam.com"]);
});

it("an application credential sends no request for a shared tenant or a wrong scope", async () => {
  const http = createFakeHttp(tokenAnswer());
  const credential = createApplicationCredential(() => application, sourceContext({ http }));
  expect(await errorOf(credential.getToken(tokenRequest({ tenantId: "common" })))).toMatchObject({
    code: "shared-tenant",
  });
  expect(await errorOf(credential.getToken(tokenRequest({ scopes: ["openid"] })))).toMatchObject({
    code: "invalid-scope",
  });
  expect(http.requests).toHaveLength(0);
});

it("an application credential leaves retries to core, with at most four requests", async () => {
  const tables: RetryTable[] = [];
  const errors: unknown[] = [];
  const http = createFakeHttp({ status: 503 }, { status: 429, headers: { "retry-after": "5" } }, tokenAnswer());
  const context = sourceContext({
    http,
    async retry(table, attempt) {
      tables.push(table);
      for (let n = 1; n <= table.delaysMs.length; n++) {
        try {
          return await attempt(n);
        } catch (error) {
          errors.push(error);
        }
      }
      return attempt(table.delaysMs.length + 1);
    },
  });
  const { token } = await createApplicationCredential(() => application, context).getToken(tokenRequest());
  expect(token).toBe("opaque");
  expect(tables).toEqual([{ statuses: [0, 408, 429, 500, 502, 503, 504], delaysMs: [500, 1000, 1500] }]);
  expect(errors).toMatchObject([{ statusCode: 503 }, { statusCode: 429, retryAfterMs: 5000 }]);
});

it("an application credential names the region that does not answer", async () => {
  const context = sourceContext({ env: { AZURE_REGIONAL_AUTHORITY_NAME: "westeuropee" } });
  const asked = createApplicationCredential(() => application, context).getToken(tokenRequest());
  expect(await errorOf(asked)).toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("westeuropee"),
    remedy: expect.stringContaining("AZURE_REGIONAL_AUTHORITY_NAME"),
  });
});
