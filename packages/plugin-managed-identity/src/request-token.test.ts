import { outcomeError } from "@azidentity/core/plugin";
import {
  createFakeClock,
  createFakeHttp,
  createTestContext,
  createTestRequest,
  type FakeReply,
} from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { azureTag, errorOf, fakeMachine, tokenAnswer } from "../test/support.ts";
import type { ManagedIdentityOptions } from "./resolve-host.ts";
import { createManagedIdentitySource } from "./sources/managed-identity.ts";

type Env = Readonly<Record<string, string>>;
const appService = { IDENTITY_ENDPOINT: "http://127.0.0.1:1/msi/token", IDENTITY_HEADER: "c4n4ry-key" };
const fabric = {
  ...appService,
  IDENTITY_ENDPOINT: "https://localhost:1/",
  IDENTITY_SERVER_THUMBPRINT: "AB".repeat(20),
};
const now = createFakeClock().now();
const json = (status: number, body: object): FakeReply => ({ status, body: JSON.stringify(body) });

async function ask(env: Env, options: ManagedIdentityOptions, reply: FakeReply, tag?: string) {
  const context = createTestContext({ env, http: createFakeHttp(reply), clock: createFakeClock() });
  const credential = await createManagedIdentitySource(fakeMachine({ tag })).create(options, context);
  return credential.getToken(createTestRequest());
}

it("a response becomes a token with expiry, refresh at half of a long lifetime, and the principal that it names", async () => {
  const reply = tokenAnswer(now, { expires_on: String(now / 1000 + 86_400), client_id: "ABC", object_id: "DEF" });
  expect(await ask(appService, {}, reply)).toEqual({
    token: "opaque",
    tokenType: "Bearer",
    expiresOnTimestamp: now + 86_400_000,
    refreshAfterTimestamp: now + 43_200_000,
    principal: { clientId: "abc", objectId: "def" },
  });
});

it("a response with a byte order mark is accepted", async () => {
  const { body } = tokenAnswer(now);
  expect((await ask(appService, {}, { body: `\uFEFF${body}` })).token).toBe("opaque");
});

it.each<[string, FakeReply]>([
  ["is HTML", { body: "<html>Sign in to the hotel</html>" }],
  ["is empty", { body: "" }],
  ["is cut off", { body: '{"access_token":"c4n4' }],
  ["is a list", { body: "[1]" }],
  ["is not UTF-8", { body: tokenAnswer(now, { access_token: "a\uFFFD" }).body }],
  ["has no token", tokenAnswer(now, { access_token: undefined })],
  ["has an empty token", tokenAnswer(now, { access_token: "" })],
  ["has no expiry", tokenAnswer(now, { expires_on: undefined })],
  ["has expired already", tokenAnswer(now, { expires_on: String(now / 1000 - 1) })],
  ["has an expiry in milliseconds", tokenAnswer(now, { expires_on: String(now + 3_600_000) })],
  ["has a token of another type", tokenAnswer(now, { token_type: "pop" })],
  ["lives for years", tokenAnswer(now, { expires_on: String(now / 1000 + 10 * 366 * 86_400) })],
])("a response is refused that %s", async (_, reply) => {
  expect(await errorOf(ask(appService, {}, reply))).toMatchObject({
    outcome: "failed",
    code: "invalid-token-response",
  });
});

describe("an error of a host", () => {
  const imds400 = json(400, { error: "invalid_request", error_description: "Identity not found" });
  const appService400 = json(400, { statusCode: 400, message: "No Managed Identity found for specified ClientId." });
  const docker = { status: 403, body: "A socket operation was attempted to an unreachable host." };
  const dockerJson = json(403, { error: "A socket operation was attempted to an unreachable network." });
  it.each<[string, Env, ManagedIdentityOptions, FakeReply, string | undefined, string, string]>([
    ["no identity on a machine", {}, {}, imds400, azureTag, "not-configured", "identity-not-found"],
    ["none of that name", {}, { clientId: "I" }, imds400, azureTag, "rejected", "identity-not-found"],
    ["none of the variable's name", { AZURE_CLIENT_ID: "I" }, {}, imds400, azureTag, "rejected", "identity-not-found"],
    ["no identity of its own in a web app", appService, {}, appService400, undefined, "rejected", "identity-not-found"],
    [
      "none of that name in a web app",
      appService,
      { clientId: "I" },
      appService400,
      undefined,
      "rejected",
      "identity-not-found",
    ],
    [
      "none in Service Fabric",
      fabric,
      {},
      json(404, { error: { code: "ManagedIdentityNotFound" } }),
      undefined,
      "rejected",
      "identity-not-found",
    ],
    [
      "several identities, none of which is named",
      {},
      {},
      json(400, { error: "invalid_request", error_description: "Multiple user assigned identities exist" }),
      azureTag,
      "rejected",
      "identity-not-found",
    ],
    [
      "an identity that App Service cannot load",
      appService,
      {},
      json(400, { statusCode: 400, message: "Unable to load the proper Managed Identity." }),
      undefined,
      "rejected",
      "identity-not-found",
    ],
    ["no metadata service", {}, {}, docker, undefined, "unreachable", "no-metadata-service"],
    ["no metadata service, in JSON", {}, {}, dockerJson, azureTag, "unreachable", "no-metadata-service"],
    [
      "something else in its place",
      {},
      {},
      { status: 200, body: "<html>" },
      undefined,
      "unreachable",
      "no-metadata-service",
    ],
    [
      "a gateway without a service behind it",
      {},
      {},
      { status: 502, body: "<html>" },
      undefined,
      "unreachable",
      "no-metadata-service",
    ],
    [
      "a refusal that is not worded as the service does",
      {},
      {},
      { status: 403, body: "<html>" },
      undefined,
      "unreachable",
      "no-metadata-service",
    ],
    ["such a refusal on a machine of Azure's", {}, {}, { status: 403, body: "" }, azureTag, "rejected", "host-refused"],
    ["a gateway on a machine of Azure's", {}, {}, { status: 502, body: "" }, azureTag, "failed", "host-unavailable"],
    [
      "a missing header",
      {},
      {},
      json(400, { error: "bad_request_102", error_description: "Required metadata header" }),
      azureTag,
      "rejected",
      "host-refused",
    ],
    ["a wrong URL", {}, {}, json(401, { error: "unknown_source" }), azureTag, "rejected", "host-refused"],
    [
      "an unknown resource",
      {},
      {},
      json(400, { error: "invalid_resource", error_description: "AADSTS500011: The resource" }),
      azureTag,
      "misconfigured",
      "unknown-resource",
    ],
    [
      "an audience that Cloud Shell does not serve",
      { MSI_ENDPOINT: "http://localhost:1/" },
      {},
      json(400, { error: { code: "AudienceNotSupported", message: "no" } }),
      undefined,
      "not-configured",
      "unsupported-audience",
    ],
    [
      "an application that Entra does not know",
      appService,
      {},
      json(400, { statusCode: 400, message: "AADSTS700016: Application not found" }),
      undefined,
      "rejected",
      "unknown-application",
    ],
    [
      "too many requests",
      appService,
      {},
      { status: 429, headers: { "retry-after": "7" } },
      undefined,
      "throttled",
      "throttled",
    ],
    [
      "an error of its own",
      appService,
      {},
      json(500, { message: "An internal error" }),
      undefined,
      "failed",
      "host-unavailable",
    ],
    [
      "a redirect",
      appService,
      {},
      { status: 302, headers: { location: "http://localhost/" } },
      undefined,
      "failed",
      "unexpected-answer",
    ],
    [
      "a page that is not there yet, on a machine of Azure's",
      {},
      {},
      { status: 404 },
      azureTag,
      "unreachable",
      "host-unavailable",
    ],
    ["such a page elsewhere", {}, {}, { status: 404 }, undefined, "unreachable", "no-metadata-service"],
    ["too many requests, of another service", {}, {}, { status: 429 }, undefined, "unreachable", "no-metadata-service"],
    ["JSON of another service", {}, {}, json(200, { code: 200 }), undefined, "unreachable", "no-metadata-service"],
    [
      "an error of its own without any other evidence",
      {},
      {},
      json(500, { error: "unknown", error_description: "Failed to retrieve token" }),
      undefined,
      "failed",
      "host-unavailable",
    ],
    ["an update that goes on", {}, {}, { status: 410 }, azureTag, "failed", "host-unavailable"],
  ])("an error of a host is classified: %s", async (_, env, options, reply, tag, outcome, code) => {
    const error = await errorOf(ask(env, options, reply, tag));
    expect(error).toMatchObject({ outcome, code });
    expect(error.message).toMatch(/^managed-identity \((?:imds|app-service|service-fabric|cloud-shell)\)/);
  });

  it("an error of a host counts as unreachable without evidence of a metadata service when the response cannot be read", async () => {
    const tooLarge = outcomeError("failed", "The answer is too large.", { code: "answer-too-large" });
    expect(await errorOf(ask({}, {}, tooLarge))).toMatchObject({ outcome: "unreachable", code: "no-metadata-service" });
    expect(await errorOf(ask({}, {}, tooLarge, azureTag))).toMatchObject({ code: "answer-too-large" });
    expect(await errorOf(ask(appService, {}, tooLarge))).toMatchObject({ code: "answer-too-large" });
  });

  it("an error of a host contains the host's text and correlation id, and how the identity was named", async () => {
    const error = await errorOf(
      ask(
        { ...appService, AZURE_CLIENT_ID: "an-app" },
        {},
        json(400, { message: "No identity", correlationId: "1-2" }),
      ),
    );
    expect(error).toMatchObject({ outcome: "rejected", statusCode: 400, errorResponse: { correlationId: "1-2" } });
    for (const part of ["AZURE_CLIENT_ID", "an-app", "clientId: null"]) expect(error.message).toContain(part);
  });

  it("an error of a host does not contain a secret that the host echoes", async () => {
    const error = await errorOf(ask(appService, {}, json(401, { message: "c4n4ry-key is wrong" })));
    expect(error.message).toContain("is wrong");
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain("c4n4ry");
  });
});
