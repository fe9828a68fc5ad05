import { createIdentity } from "@azidentity/core";
import type { HttpRequest, HttpResponse } from "@azidentity/core/plugin";
import { createFakeHttp, echoEncodings, echoesIn } from "@azidentity/core/testing";
import { everythingShown, scope } from "@azidentity/test-support";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import users from "../src/index.ts";
import { loadMsal } from "../src/msal/exchange.ts";
import { hurry } from "./user-answer.ts";

beforeAll(() => void loadMsal()); // the first test is not to wait for it

/** Letters and digits in the middle of every secret, which show wherever a part of it does. */
const middle = "Zq7Kx9WvB3";
const special = fc
  .array(fc.constantFrom(..."\"\\+/%&=<>'#;{}~!$ ", "%41", "\\u002b", "&lt;"), { maxLength: 5 })
  .map((units) => units.join("").trim());
const secrets = fc.tuple(special, special).map(([before, after]) => `${before}${middle}${after}`);

const code = { clientId: "app", redirectUri: "http://localhost" };

/** The options of each source with the secret that it sends. */
const cases: Readonly<Record<string, (secret: string) => object>> = {
  "username-password": (password) => ({ clientId: "app", username: "ann@contoso.com", password }),
  "authorization-code": (clientSecret) => ({ ...code, clientSecret, authorizationCode: "code" }),
  "authorization-code ": (authorizationCode) => ({ ...code, authorizationCode }),
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

async function shownBy(name: string, options: object, reply: ReturnType<(typeof replies)[string]>): Promise<string> {
  return everythingShown(async (see) => {
    const requests: HttpRequest[] = [];
    const http = createFakeHttp((request) => {
      requests.push(request);
      if (reply instanceof Error) throw reply;
      return reply;
    });
    const logger = { error: see, warn: see, info: see, debug: see };
    const clock = { now: () => Date.now(), monotonic: () => 0, ...hurry };
    const config = { config: false, plugins: [users], log: { level: "debug" } } as const;
    await using identity = createIdentity(config, { env: {}, http, logger, clock });
    const credential = identity.credential(name as "username-password", options);
    await credential.getToken(scope).then(see, (error) => see(error, structuredClone(error)));
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
  const options = cases["username-password"]?.("another secret") ?? {};
  for (const encode of Object.values(echoEncodings)) {
    const reply = replies["a refusal"]?.(encode(`"+${middle}/`)) ?? {};
    expect(echoesIn(await shownBy("username-password", options, reply), middle)).not.toEqual([]);
  }
});
