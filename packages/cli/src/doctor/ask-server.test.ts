import { createFakeClock, createFakeHttp, createTestContext } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { askServer } from "./ask-server.ts";

const never = new AbortController().signal;
const clock = createFakeClock(Date.parse("2026-11-30T10:00:00.500Z"));

it.each([
  [{}, "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration"],
  [{ tenantId: "contoso.com" }, "https://login.microsoftonline.com/contoso.com/v2.0/.well-known/openid-configuration"],
  [
    { tenantId: "adfs", cloud: { authorityHost: "https://sts.contoso.com" } },
    "https://sts.contoso.com/adfs/.well-known/openid-configuration",
  ],
])("the authority of %j is asked for its public document", async (settings, url) => {
  const http = createFakeHttp({ status: 404, headers: { date: "Mon, 30 Nov 2026 10:10:00 GMT" } });
  const answer = await askServer(createTestContext({ ...settings, http, clock }), never);
  expect(http.requests.map((request) => request.url)).toEqual([url]);
  expect(answer).toMatchObject({ status: 404, aheadMs: 600_000 });
});

it("an answer without a date says nothing of the time", async () => {
  const http = createFakeHttp({ status: 200, headers: {} });
  expect((await askServer(createTestContext({ http, clock }), never)).aheadMs).toBeUndefined();
});

it("a server that does not answer is a finding and no error", async () => {
  const { error, status } = await askServer(createTestContext({ http: createFakeHttp() }), never);
  expect(status).toBeUndefined();
  expect(error).toMatchObject({ outcome: "unreachable" });
});
