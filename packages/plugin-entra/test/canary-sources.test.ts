import { createIdentity, definePlugin, defineSource } from "@azidentity/core";
import type { HttpRequest, HttpResponse } from "@azidentity/core/plugin";
import { createFakeHttp } from "@azidentity/core/testing";
import { everythingShown, scope, tokenAnswer } from "@azidentity/test-support";
import { expect, it } from "vitest";
import entra from "../src/index.ts";
import { fixturePath, fixtureText, password } from "./certificate-fixtures.ts";
import { hurried } from "./hurried.ts";

const jwt = (claims: object) =>
  `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.canary`;
const jobToken = jwt({ aud: "api://AzureADTokenExchange", sub: "job" });
const user = jwt({ aud: "app", name: "a user" });
/** A line of the key in a file of both. */
const keyOf = (pem: string) => /PRIVATE KEY-----\s+\S+\s+(\S+)/.exec(pem)?.[1] ?? "";

const ids = { tenantId: "contoso.com", clientId: "app" };
const pem = fixtureText("pkcs8.pem");

/** A platform whose token proves an application. */
const platform = definePlugin({
  name: "test-platform",
  sources: [
    defineSource({
      name: "platform",
      kind: "deployed",
      tenantPolicy: "fixed",
      subject: () => "platform",
      create: () => ({
        getToken: async () => ({ token: jobToken, tokenType: "Bearer", expiresOnTimestamp: Date.now() + 3_600_000 }),
      }),
    }),
  ],
});

interface Case {
  readonly options?: object;
  readonly env?: Record<string, string>;
  /** Besides `canary`. */
  readonly secrets?: readonly string[];
}

const cases: Record<string, Case> = {
  "client-secret": { options: { ...ids, clientSecret: "canary-secret" } },
  "client-assertion": { options: { ...ids, getAssertion: async () => "canary-assertion" } },
  "client-certificate": { options: { ...ids, certificate: pem }, secrets: [keyOf(pem)] },
  "client-certificate ": {
    options: { ...ids, certificatePath: fixturePath("modern.pfx"), certificatePassword: password },
    secrets: [password, keyOf(pem)],
  },
  federated: { options: { ...ids, assertion: "platform" }, secrets: [jobToken] },
  "github-actions": {
    options: ids,
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/idtoken?v=1",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary-of-the-job",
    },
    secrets: [jobToken],
  },
  "azure-pipelines": {
    options: { ...ids, serviceConnectionId: "connection", systemAccessToken: "canary-of-the-job" },
    env: { SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/oidctoken" },
    secrets: [jobToken],
  },
  "on-behalf-of": { options: { ...ids, clientSecret: "canary-secret" }, secrets: [user] },
  environment: {
    env: {
      AZURE_TENANT_ID: "contoso.com",
      AZURE_CLIENT_ID: "app",
      AZURE_CLIENT_SECRET: "canary-secret",
    },
  },
};

/** All that a request carries, as a server would quote it. */
const quote = ({ body = "", headers }: HttpRequest) =>
  `${JSON.stringify(headers)} ${decodeURIComponent(body.replaceAll("+", " "))} ${body}`;
type Reply = (request: HttpRequest) => Partial<HttpResponse>;
const replies: Record<string, Reply> = {
  "a token": () => tokenAnswer({ access_token: jwt({ appid: "app" }) }),
  "a refusal that quotes the request": (request) => ({
    status: 401,
    body: JSON.stringify({ error: "invalid_client", error_description: `AADSTS7000215: ${quote(request)}` }),
  }),
  "a page that quotes the request": (request) => ({ status: 502, body: `<pre>${quote(request)}</pre>` }),
  "a page instead of a token": (request) => ({ status: 200, body: `<pre>${quote(request)}</pre>` }),
};
const oidc: Reply = () => ({ status: 200, body: JSON.stringify({ value: jobToken, oidcToken: jobToken }) });

async function shownBy(name: string, { options, env = {} }: Case, reply: Reply): Promise<string> {
  return everythingShown(async (see) => {
    const http = createFakeHttp((request) => (/oauth2/.test(request.url) ? reply(request) : oidc(request)));
    const logger = { error: see, warn: see, info: see, debug: see };
    const config = { config: false, plugins: [entra, platform], log: { level: "debug" } } as const;
    await using identity = createIdentity(config, { env, http, logger, clock: createClock() });
    const credential = identity.credential(name as "client-secret", options ?? {});
    const asked =
      name === "on-behalf-of" ? identity.credential("on-behalf-of", options ?? {}).forUser(user) : credential;
    await asked.getToken(scope, { enableCae: true }).then(see, see);
    await asked.getToken("https://storage.azure.com/.default").then(see, see);
    see(credential, identity, http.requests.length);
  });
}

/**
 * A clock on which pauses take no time, and count: whatever asks again and again comes to its end.
 */
function createClock() {
  let passed = 0;
  const sleep = async (ms: number, signal: AbortSignal) => {
    await hurried(ms, signal);
    passed += ms;
  };
  return { now: () => Date.now(), monotonic: () => passed, sleep };
}

const rows = Object.entries(cases).flatMap(([name, one]) =>
  Object.entries(replies).map(([what, reply]) => [name, what, one, reply] as const),
);

it.each(rows)("%s shows no secret after %s", async (name, _, one, reply) => {
  const shown = await shownBy(name.trim(), one, reply);
  for (const secret of ["canary", ...(one.secrets ?? [])]) expect(shown).not.toContain(secret);
  expect(shown).not.toMatch(/eyJ[\w-]{10,}\./);
  expect(shown).toContain("/oauth2/v2.0/token"); // it got that far, and the log was on
});

it("the check covers every source", () => {
  expect(new Set(Object.keys(cases).map((name) => name.trim()))).toEqual(
    new Set(entra.sources.map(({ name }) => name)),
  );
});

it("the check finds the secrets in the requests", async () => {
  expect(keyOf(pem).length).toBeGreaterThan(40);
  const http = createFakeHttp(tokenAnswer());
  await using identity = createIdentity({ config: false, plugins: [entra] }, { env: {}, http });
  await identity.credential("client-secret", { ...ids, clientSecret: "canary-secret" }).getToken(scope);
  expect(http.requests.map(quote).join()).toContain("canary-secret");
});
