/**
 * The form of every message of this package about managed identities, and what damaged responses
 * become.
 */
import { globSync, readFileSync } from "node:fs";
import { type HttpResponse, type IdentityError, isIdentityError, outcomeError } from "@azidentity/core/plugin";
import {
  createFakeClock,
  createFakeHttp,
  createTestContext,
  createTestRequest,
  damageText,
  type FakeReply,
  messageFaults,
  resultFaults,
} from "@azidentity/core/testing";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Machine } from "../src/machine.ts";
import type { ManagedIdentityOptions } from "../src/resolve-host.ts";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { faults } from "./matrix/faults.ts";
import { azureTag, fakeMachine, tokenAnswer } from "./support.ts";

type Env = Readonly<Record<string, string>>;
const now = createFakeClock().now();

const appService = { IDENTITY_ENDPOINT: "http://127.0.0.1:1/msi/token", IDENTITY_HEADER: "c4n4ry-key" };
const fabric = {
  ...appService,
  IDENTITY_ENDPOINT: "https://localhost:1/",
  IDENTITY_SERVER_THUMBPRINT: "AB".repeat(20),
};
const ml = { MSI_ENDPOINT: "http://localhost:1/", MSI_SECRET: "c4n4ry-key" };
const arc = { IDENTITY_ENDPOINT: "http://localhost:1/", IMDS_ENDPOINT: "http://localhost:1" };
const shell = { MSI_ENDPOINT: "http://localhost:1/" };
const resourceId = `/subscriptions/${"1".repeat(36)}/resourceGroups/${"g".repeat(90)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${"i".repeat(128)}`;

interface Situation {
  readonly env?: Env;
  readonly options?: ManagedIdentityOptions;
  readonly machine?: Machine;
  readonly reply?: FakeReply;
  readonly scopes?: readonly [string, ...string[]];
}

const onAzure = fakeMachine({ tag: azureTag });
const unused: FakeReply = outcomeError("unreachable", "No response from 127.0.0.1:1 (ECONNREFUSED).", {
  remedy: "Check HTTPS_PROXY.",
});

/** What the source makes of a situation: a token, or what it rejects with. */
async function play({
  env = {},
  options = {},
  machine = onAzure,
  reply = unused,
  scopes,
}: Situation): Promise<unknown> {
  const context = createTestContext({ env, http: createFakeHttp(reply), clock: createFakeClock() });
  const request = createTestRequest(scopes === undefined ? {} : { scopes });
  try {
    return await (await createManagedIdentitySource(machine).create(options, context)).getToken(request);
  } catch (error) {
    return error;
  }
}

/** The hosts with the requests of their system-assigned identity and of a named one. */
const places: Readonly<Record<string, Situation>> = {
  "app-service": { env: appService },
  "app-service by a resource id": { env: appService, options: { resourceId } },
  "app-service by AZURE_CLIENT_ID": { env: { ...appService, AZURE_CLIENT_ID: "1f5a2c0e-6f0b-4c8e-9d57-3a2b1c0d9e8f" } },
  "service-fabric": { env: fabric },
  "azure-ml": { env: ml },
  "cloud-shell": { env: shell },
  "azure-arc": { env: arc },
  "azure-arc by a client id": { env: arc, options: { clientId: "one" } },
  imds: {},
  "imds by an object id": { options: { objectId: "one" } },
  "imds without evidence": { machine: fakeMachine() },
};

const long = "A long story that a host tells, with a full stop at its end. ".repeat(20);
const json = (status: number, body: object, headers: HttpResponse["headers"] = {}): FakeReply => ({
  status,
  headers,
  body: JSON.stringify(body),
});

/** Responses besides those of the fault matrix. */
const replies: readonly (readonly [string, FakeReply])[] = [
  ["a long explanation", json(400, { error: "invalid_request", error_description: long })],
  ["an explanation of several lines", json(403, { error: { code: "Denied", message: "It failed.\r\nTrace: 1" } })],
  ["an explanation in quotation marks", json(400, { message: '"Bad".' })],
  ["an error of Entra", json(400, { error: "invalid_client", error_description: "AADSTS700016: It is unknown." })],
  ["an error of Entra that is not known", json(400, { message: "AADSTS9999999: It is unknown." })],
  ["a long wait", json(429, { error: "too_many_requests" }, { "retry-after": "86400" })],
  ["a long wait after an error", json(503, { error: "unknown", error_description: long }, { "retry-after": "900" })],
  ["a redirect to a long address", { status: 302, headers: { location: `https://${"a.".repeat(200)}example/` } }],
  ["a relative redirect", { status: 307, headers: { location: "/there" } }],
  ["several identities", json(400, { message: "Multiple user assigned identities exist." })],
  ["no such identity", json(404, { error: { code: "ManagedIdentityNotFound", message: "It is not there." } })],
  ["a challenge without a key", { status: 401, headers: { "www-authenticate": "Basic" } }],
  ["a challenge with a foreign key", { status: 401, headers: { "www-authenticate": "Basic realm=/etc/passwd" } }],
  ["a token of an unnamed identity", tokenAnswer(now)],
  ["an expired token", tokenAnswer(now - 7_200_000)],
  ["no response", outcomeError("timeout", "It took too long.", { remedy: "Wait." })],
  ["a response that is too large", outcomeError("failed", "The response is too large.", { code: "answer-too-large" })],
  ...faults.flatMap((fault): [string, FakeReply][] => {
    const reply = fault.reply(now);
    return reply === "silence" ? [] : [[fault.title, reply]];
  }),
];

/** Situations without a response. */
const situations: Readonly<Record<string, Situation>> = {
  "two scopes": { env: appService, scopes: ["a/.default", "b/.default"] },
  "an unknown host": { env: { IDENTITY_ENDPOINT: "http://localhost:1" } },
  "an incomplete host": { env: {}, options: { source: "app-service" } },
  "an empty secret": { env: { ...appService, IDENTITY_HEADER: " " } },
  "a secret with a line break": { env: { ...appService, IDENTITY_HEADER: "c4n4ry-key\n" } },
  "AZURE_CLIENT_ID in quotation marks": { env: { ...appService, AZURE_CLIENT_ID: '"one"' } },
  "two ids": { env: appService, options: { clientId: "a", objectId: "b" } },
  "an empty id": { env: appService, options: { clientId: " " } },
  "an id that the host does not support": { env: shell, options: { resourceId } },
  "AZURE_CLIENT_ID that the host does not support": { env: { ...shell, AZURE_CLIENT_ID: "one" } },
  "an endpoint that is none": { env: { ...appService, IDENTITY_ENDPOINT: "c4n4ry-key" } },
  "an endpoint with a password": { env: { ...appService, IDENTITY_ENDPOINT: "http://a:b@localhost/" } },
  "an endpoint with a fragment": { env: { ...appService, IDENTITY_ENDPOINT: "http://localhost/#a" } },
  "a public endpoint without TLS": { env: { ...appService, IDENTITY_ENDPOINT: "http://example.com/" } },
  "an agent on another machine": { env: { ...arc, IDENTITY_ENDPOINT: "http://host.docker.internal/" } },
  "a thumbprint that is none": { env: { ...fabric, IDENTITY_SERVER_THUMBPRINT: "AB" } },
  "Service Fabric without TLS": { env: { ...fabric, IDENTITY_ENDPOINT: "http://localhost/" } },
  "a missing key of Arc": {
    env: arc,
    reply: { status: 401, headers: { "www-authenticate": "Basic realm=/var/opt/azcmagent/tokens/none.key" } },
  },
  "a pod with an object id": {
    env: { AZURE_FEDERATED_TOKEN_FILE: "/no/file", AZURE_CLIENT_ID: "one", AZURE_TENANT_ID: "contoso.com" },
    options: { objectId: "one" },
  },
};

const seen = new Set<string>();

function checked(error: unknown): IdentityError {
  if (!isIdentityError(error)) throw new TypeError(`This is no error of ours: ${String(error)}`);
  seen.add(error.code);
  expect(error.message).not.toContain("c4n4ry");
  return error;
}

describe.each(Object.entries(places))("each failure at %s", (_, place) => {
  it.each(replies)("has a message of the right form: %s", async (__, reply) => {
    const result = await play({ ...place, reply });
    if (!isIdentityError(result) && "token" in Object(result)) return;
    expect(messageFaults(checked(result), ["A long story", "It failed", "It is unknown", "It is not there"])).toEqual(
      [],
    );
  });
});

it.each(Object.entries(situations))("the message about %s has the right form", async (_, situation) => {
  expect(messageFaults(checked(await play(situation)))).toEqual([]);
});

it("every code in the sources of managed identity is met by one of these messages", () => {
  const all = globSync("../src/**/*.ts", { cwd: import.meta.dirname });
  const files = all.filter((file) => !/\.test(?:-d)?\.ts$|workload/.test(file));
  const text = files.map((file) => readFileSync(new URL(file, import.meta.url), "utf8")).join("\n");
  const codes = [...text.matchAll(/\bcode: "([a-z-]+)"|\brefused\(\s*"([a-z-]+)"/g)].map(([, a, b]) => a ?? b ?? "");
  expect(codes.length).toBeGreaterThan(20);
  expect([...new Set(codes)].filter((code) => !seen.has(code))).toEqual([]);
});

/** Bodies of tokens and errors, in the forms of all hosts. */
const bodies = [
  tokenAnswer(now).body,
  tokenAnswer(now, { expires_on: "1/2/2026 3:04:05 PM +00:00", client_id: "one", object_id: "two" }).body,
  tokenAnswer(now, { expires_on: "2026-01-01T01:00:00Z", refresh_in: "600", msi_res_id: "/one" }).body,
  tokenAnswer(now, { expires_on: undefined, expires_in: 3_600 }).body,
  '{"error":"invalid_request","error_description":"Identity not found"}',
  '{"error":"invalid_client","error_description":"AADSTS700016: It is unknown.\\r\\nTrace ID: 1","error_codes":[700016]}',
  '{"statusCode":400,"message":"Unable to load the proper Managed Identity.","correlationId":"1-2"}',
  '{"error":{"code":"AudienceNotSupported","message":"Audience is not a supported MSI token audience."}}',
  '{"error":{"code":"ManagedIdentityNotFound","message":"No.","correlationId":"1"}}',
  "<html><body><h1>502 Bad Gateway</h1></body></html>",
];

/** One of these texts with some defects. */
const damaged = (...texts: readonly string[]) =>
  fc.tuple(fc.constantFrom(...texts), fc.nat()).map(([text, seed]) => damageText(text, seed));

const timeoutMs = 60_000; // it takes three seconds on an idle machine

it(
  "10 000 damaged responses of hosts are each a token, or an error of ours in the right form",
  async () => {
    const reply = fc.record({
      place: fc.constantFrom(...Object.values(places)),
      status: fc.constantFrom(200, 200, 200, 204, 302, 400, 400, 401, 403, 404, 410, 429, 500, 503),
      headers: fc.oneof(
        fc.constant({}),
        fc.record({
          "retry-after": fc.oneof(fc.string({ maxLength: 8 }), fc.nat().map(String)),
          location: fc.oneof(damaged("https://login.evil.example:8443/sign-in?next=%2Fhome#top"), fc.string()),
          "www-authenticate": damaged('Basic realm="/var/opt/azcmagent/tokens/a.key"'),
        }),
      ),
      body: damaged(...bodies),
    });
    const property = fc.asyncProperty(reply, async ({ place, ...response }) => {
      const result = await play({ ...place, reply: response });
      const faults = resultFaults(result);
      if (faults.length > 0) expect(faults, String(result)).toEqual([]); // the condition is faster than expect
    });
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // frames would take half of the time
    onTestFinished(() => {
      Error.stackTraceLimit = stackTraceLimit;
    });
    await fc.assert(property, { seed: 20_261_129, numRuns: 10_000 });
  },
  timeoutMs,
);
