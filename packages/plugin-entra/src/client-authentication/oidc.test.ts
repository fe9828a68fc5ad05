import type { SourceContext } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, createTestContext, type FakeReply } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { type OidcRequest, oidcAuthentication } from "./oidc.ts";

const audience = "api://AzureADTokenExchange";
const jobToken = `e30.${Buffer.from(JSON.stringify({ aud: audience })).toString("base64url")}.e30`;
const good: FakeReply = { body: JSON.stringify({ value: jobToken }) };
const oidc: OidcRequest = {
  sourceName: "github-actions",
  method: "GET",
  address: "https://token.example/idtoken",
  variable: "ACTIONS_ID_TOKEN_REQUEST_URL",
  parameters: { audience },
  headers: { authorization: "Bearer canary-request-token" },
  secrets: ["canary-request-token"],
  field: "value",
  audience,
  remedy: "Give the job `permissions: { id-token: write }`.",
};

/** Asks for the token of a job; of the context's retries without their pauses. */
function askJob(context: Pick<SourceContext, "http" | "clock">) {
  const retry: SourceContext["retry"] = async (_, attempt) =>
    attempt(1).catch((error) => {
      if (error.outcome !== "unreachable") throw error;
      return attempt(2);
    });
  const authenticate = oidcAuthentication(() => oidc, { ...createTestContext(), ...context, retry });
  const { signal } = new AbortController();
  const ids = { clientId: "app", tenantId: "contoso.com", correlationId: "c" };
  return authenticate({ ...ids, tokenEndpoint: "https://login.example/token", signal, background: false });
}

it.each<[string, FakeReply]>([
  ["is empty", { body: "" }],
  ["is cut", { body: '{"value":"e30.' }],
])("a build service is asked for the token of a job again when its response %s", async (_, broken) => {
  const http = createFakeHttp(broken, good);
  expect(await askJob({ http, clock: createFakeClock() })).toMatchObject({ assertion: jobToken });
  expect(http.requests).toHaveLength(2);
});

it("a response that is empty each time is an error with a code of its own", async () => {
  const http = createFakeHttp({ body: "" });
  const code = "empty-oidc-response";
  await expect(askJob({ http, clock: createFakeClock() })).rejects.toMatchObject({ outcome: "unreachable", code });
});

it("a web page in place of the token of a job is reported as a captive portal", async () => {
  const http = createFakeHttp({ body: "<html>Welcome" }, good);
  await expect(askJob({ http, clock: createFakeClock() })).rejects.toMatchObject({ code: "captive-portal" });
  expect(http.requests).toHaveLength(1);
});

it("a build service that does not answer within ten seconds is asked again", async () => {
  const clock = createFakeClock();
  const answering = createFakeHttp(good);
  let sent = 0;
  const http: SourceContext["http"] = {
    send: (request, signal) => (sent++ === 0 ? new Promise(() => {}) : answering.send(request, signal)),
  };
  const asked = askJob({ http, clock });
  await clock.advance(10_000);
  expect(await asked).toMatchObject({ assertion: jobToken });
});
