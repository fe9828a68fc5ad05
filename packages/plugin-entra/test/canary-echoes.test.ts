import { createIdentity } from "@azidentity/core";
import type { HttpRequest, HttpResponse } from "@azidentity/core/plugin";
import { createFakeHttp, echoEncodings, echoesIn } from "@azidentity/core/testing";
import { everythingShown, scope } from "@azidentity/test-support";
import fc from "fast-check";
import { expect, it } from "vitest";
import entra from "../src/index.ts";
import { hurried } from "./hurried.ts";

/** Letters and digits in the middle of every secret, which show wherever a part of it does. */
const middle = "Zq7Kx9WvB3";
const special = fc
  .array(fc.constantFrom(..."\"\\+/%&=<>'#;{}~!$ ", "%41", "\\u002b", "&lt;"), { maxLength: 5 })
  .map((units) => units.join("").trim());
/** In quotes, a variable would be refused before anything is sent. */
const secrets = fc
  .tuple(special, special)
  .map(([before, after]) => `${before}${middle}${after}`)
  .filter((secret) => !/^(["']).*\1$/.test(secret));

const ids = { tenantId: "contoso.com", clientId: "app" };
const job = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/idtoken?v=1" };
const pipeline = { SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/oidctoken" };
const names = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app" };

interface Given {
  readonly options?: object;
  readonly env?: Record<string, string>;
}

/** What each source is given that it sends. */
const cases: Readonly<Record<string, (secret: string) => Given>> = {
  "client-secret": (clientSecret) => ({ options: { ...ids, clientSecret } }),
  "client-assertion": (assertion) => ({ options: { ...ids, getAssertion: async () => assertion } }),
  "on-behalf-of": (clientSecret) => ({ options: { ...ids, clientSecret } }),
  environment: (secret) => ({ env: { ...names, AZURE_CLIENT_SECRET: secret } }),
  "azure-pipelines": (systemAccessToken) => ({
    options: { ...ids, serviceConnectionId: "connection", systemAccessToken },
    env: pipeline,
  }),
  "github-actions": (token) => ({ options: ids, env: { ...job, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } }),
};

/** Where a server writes what it was sent. */
const replies: Readonly<Record<string, (echo: string) => Partial<HttpResponse> | Error>> = {
  "a refusal": (echo) => {
    const fields = { error: echo, error_description: `AADSTS7000215: ${echo}`, suberror: echo, trace_id: echo };
    return { status: 401, body: JSON.stringify({ ...fields, correlation_id: echo, timestamp: echo }) };
  },
  "a description after which nothing of it is left": (echo) => {
    const description = `${"x".repeat(2_040)}${echo}`;
    return { status: 400, body: JSON.stringify({ error: "invalid_client", error_description: description }) };
  },
  claims: (echo) => {
    const claims = JSON.stringify({ access_token: { nonce: { value: echo } } });
    return { status: 400, body: JSON.stringify({ error: "interaction_required", error_codes: [50079], claims }) };
  },
  "a page": (echo) => ({ status: 502, headers: { "content-type": `text/html; ${echo}` }, body: `<pre>${echo}</pre>` }),
  "a token response without a token": (echo) => ({ status: 200, body: JSON.stringify({ token_type: echo, echo }) }),
  "an error of the network": (echo) => new Error(`cannot send ${echo}`, { cause: new Error(echo) }),
};

async function shownBy(name: string, given: Given, reply: ReturnType<(typeof replies)[string]>): Promise<string> {
  return everythingShown(async (see) => {
    const requests: HttpRequest[] = [];
    const http = createFakeHttp((request) => {
      requests.push(request);
      if (reply instanceof Error) throw reply;
      return reply;
    });
    const logger = { error: see, warn: see, info: see, debug: see };
    const clock = { now: () => Date.now(), monotonic: () => 0, sleep: hurried };
    const config = { config: false, plugins: [entra], log: { level: "debug" } } as const;
    await using identity = createIdentity(config, { env: given.env ?? {}, http, logger, clock });
    const credential = identity.credential(name as "on-behalf-of", given.options ?? {});
    const asked = name === "on-behalf-of" ? credential.forUser("the token of a user") : credential;
    await asked.getToken(scope).then(see, (error) => see(error, structuredClone(error)));
    see(`${requests.length} requests`);
  });
}

const rows = Object.keys(cases).flatMap((name) => Object.keys(replies).map((what) => [name, what] as const));

it.each(rows)("%s shows no secret when the server echoes it, in any encoding, in %s", async (name, what) => {
  await fc.assert(
    fc.asyncProperty(secrets, fc.constantFrom(...Object.keys(echoEncodings)), async (secret, encoding) => {
      const reply = replies[what]?.(echoEncodings[encoding]?.(secret) ?? "") ?? {};
      const shown = await shownBy(name.trim(), cases[name]?.(secret) ?? {}, reply);
      expect(echoesIn(shown, middle)).toEqual([]);
      expect(shown).toMatch(/[1-9] requests/);
    }),
    { numRuns: 5 },
  );
});

it("the check finds a secret: one that was not sent is shown as the server returns it", async () => {
  const given = cases["client-secret"]?.("another secret") ?? {};
  for (const encode of Object.values(echoEncodings)) {
    const reply = replies["a refusal"]?.(encode(`"+${middle}/`)) ?? {};
    expect(echoesIn(await shownBy("client-secret", given, reply), middle)).not.toEqual([]);
  }
});
