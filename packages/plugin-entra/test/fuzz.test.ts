/**
 * Damaged input: each has to become a token, or an error of azidentity whose message has the right
 * form.
 */

import type { SourceContext, TokenRequest } from "@azidentity/core/plugin";
import {
  createFakeHttp,
  createTestContext,
  createTestRequest,
  damageText,
  type FakeReply,
  resultFaults,
} from "@azidentity/core/testing";
import { fuzzRuns, fuzzTimeoutMs, omitStackFrames, refusal, tokenAnswer } from "@azidentity/test-support";
import fc from "fast-check";
import { expect, it } from "vitest";
import entra from "../src/index.ts";
import { fixture, fixtureText, password } from "./certificate-fixtures.ts";

omitStackFrames();

const secret = "c4n4ry-secret";
const ids = { tenantId: "contoso.com", clientId: "app" };
const jwt = (payload: object) => `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.e30`;
const jobToken = jwt({ aud: "api://AzureADTokenExchange", sub: "repo:contoso/orders:ref:refs/heads/main" });

interface Call {
  readonly name: string;
  readonly options?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly request?: Partial<TokenRequest>;
  readonly reply?: FakeReply;
}

/** A token, or what the source rejects with. */
async function resultOf({ name, options = {}, env = {}, request = {}, reply = tokenAnswer() }: Call): Promise<unknown> {
  const http = createFakeHttp(reply);
  const context: SourceContext = createTestContext({ http, env, tenantId: null });
  const source = entra.sources.find((one) => one.name === name);
  try {
    const credential = await source?.create(options as never, context);
    return await credential?.getToken(createTestRequest(request));
  } catch (error) {
    return error;
  }
}

async function check(call: Call): Promise<void> {
  const result = await resultOf(call);
  const { message = "", stack = "" } = Object(result) as Partial<Error>;
  const faults = [...resultFaults(result), ...(`${message}${stack}`.includes("c4n4ry") ? ["It shows a secret."] : [])];
  if (faults.length > 0) expect(faults, message).toEqual([]); // the condition is faster than expect
}

/** One of these texts with some defects. */
const damaged = (...texts: readonly string[]) =>
  fc.tuple(fc.constantFrom(...texts), fc.nat()).map(([text, seed]) => damageText(text, seed));

const statuses = fc.constantFrom(200, 200, 200, 200, 204, 302, 400, 400, 400, 401, 403, 404, 429, 500, 503);
const headers = fc.record({
  "content-type": damaged("application/json; charset=utf-8", "text/html"),
  "retry-after": fc.oneof(damaged("120"), fc.nat().map(String)),
});

const answers = [
  tokenAnswer().body,
  tokenAnswer({ refresh_in: 1_800, expires_in: "3599", ext_expires_in: 3_599 }).body,
  tokenAnswer({ access_token: jwt({ exp: 1_900_000_000, tid: "contoso" }), expires_in: undefined }).body,
  refusal(7_000_215).body,
  refusal(53_003, { claims: '{"access_token":{"capolids":{"essential":true,"values":["1"]}}}' }).body,
  refusal(700_024, { suberror: "bad_token", trace_id: "1", timestamp: "2026-01-01 00:00:00Z" }).body,
  `{"error":"invalid_client","error_description":"AADSTS7000222: It \\"expired\\". Trace ID: 1 ${secret}"}`,
  '{"error":"temporarily_unavailable"}',
  '{"error":{"code":"BadRequest","message":"It is nested."}}',
  "<html><body>502 Bad Gateway</body></html>",
];

/** Whether a body echoes the secret whole, cut at its end, or not. Damaged, it is another text. */
function hasNoDamagedSecret(body: string): boolean {
  const at = body.indexOf("c4n4ry");
  return at < 0 || secret.startsWith(body.slice(at, at + secret.length));
}

const applications: readonly Call[] = [
  { name: "client-secret", options: { ...ids, clientSecret: secret } },
  { name: "client-assertion", options: { ...ids, getAssertion: async () => secret } },
  { name: "on-behalf-of", options: { ...ids, clientSecret: secret }, request: { userAssertion: secret } },
  { name: "client-secret", options: { ...ids, clientSecret: secret }, request: { enableCae: true } },
];

it(
  "10 000 damaged responses of Entra are each a token, or an error of ours in the right form",
  async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...applications),
      fc.record({ status: statuses, headers, body: damaged(...answers).filter(hasNoDamagedSecret) }),
      (call, reply) => check({ ...call, reply }),
    );
    await fc.assert(property, fuzzRuns);
  },
  fuzzTimeoutMs,
);

const jobs: readonly Call[] = [
  {
    name: "github-actions",
    options: ids,
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/idtoken?v=1", ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret },
  },
  {
    name: "azure-pipelines",
    options: { ...ids, serviceConnectionId: "connection", systemAccessToken: secret },
    env: { SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/oidctoken" },
  },
];

it(
  "10 000 damaged responses of build services are each a token, or an error of ours in the right form",
  async () => {
    const body = damaged(
      JSON.stringify({ count: 1, value: jobToken, oidcToken: jobToken }),
      '{"message":"VS800075: The project does not exist.","typeKey":"ProjectDoesNotExistException"}',
      "<html>Sign in</html>",
    );
    const property = fc.asyncProperty(
      fc.constantFrom(...jobs),
      fc.record({ status: statuses, headers, body }),
      (call, service) => check({ ...call, reply: ({ url }) => (url.includes("oauth2") ? tokenAnswer() : service) }),
    );
    await fc.assert(property, fuzzRuns);
  },
  fuzzTimeoutMs,
);

const ofPrincipal = {
  AZURE_TENANT_ID: "contoso.com",
  AZURE_CLIENT_ID: "1f5a2c0e-6f0b-4c8e-9d57-3a2b1c0d9e8f",
};
const environments: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["environment", { ...ofPrincipal, AZURE_CLIENT_SECRET: "long-enough-secret" }],
  ["environment", { ...ofPrincipal, AZURE_CLIENT_CERTIFICATE_PATH: "/no/such/file.pem" }],
  ["environment", { ...ofPrincipal, AZURE_USERNAME: "ann@contoso.com", AZURE_PASSWORD: "p 4 s s" }],
  ["github-actions", { ...ofPrincipal, ...jobs[0]?.env }],
  [
    "azure-pipelines",
    {
      SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/oidctoken",
      SYSTEM_ACCESSTOKEN: "job-token",
      AZURESUBSCRIPTION_TENANT_ID: "contoso.com",
      AZURESUBSCRIPTION_CLIENT_ID: "app",
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
    },
  ],
];

it(
  "10 000 damaged environments are each a token, or an error of ours in the right form",
  async () => {
    const property = fc.asyncProperty(fc.constantFrom(...environments), fc.nat(), async ([name, env], seed) => {
      const names = Object.keys(env);
      const variable = names[seed % names.length] ?? "";
      const value = damageText(env[variable] ?? "", seed);
      const reply: FakeReply = ({ url }) =>
        url.includes("oauth2") ? tokenAnswer() : { body: `{"value":"${jobToken}","oidcToken":"${jobToken}"}` };
      await check({ name, env: { ...env, [variable]: value }, reply });
    });
    await fc.assert(property, fuzzRuns);
  },
  fuzzTimeoutMs,
);

const ofCertificate = (certificate: string | Uint8Array): Call => ({
  name: "client-certificate",
  options: { ...ids, certificate, certificatePassword: password },
});

it(
  "10 000 damaged PEM texts are each a token, or an error of ours in the right form",
  async () => {
    const texts = ["pkcs8.pem", "pkcs1.pem", "chain.pem", "pkcs1-encrypted.pem"].map(fixtureText);
    const base64 = fixture("quick/sha512.pfx").toString("base64");
    const property = fc.asyncProperty(damaged(...texts, base64), (text) => check(ofCertificate(text)));
    await fc.assert(property, fuzzRuns);
  },
  fuzzTimeoutMs,
);

it(
  "10 000 damaged PKCS#12 files are each a token, or an error of ours in the right form",
  async () => {
    const names = [
      "modern",
      "windows",
      "openssl-1.1",
      "sha512",
      "without-encryption",
      "without-mac",
      "without-password",
    ];
    const files = names.map((name) => fixture(`quick/${name}.pfx`).toString("latin1"));
    const property = fc.asyncProperty(damaged(...files), (text) => check(ofCertificate(Buffer.from(text, "latin1"))));
    await fc.assert(property, fuzzRuns);
  },
  fuzzTimeoutMs,
);
