import { createIdentity } from "@azidentity/core";
import type { HttpRequest, HttpResponse } from "@azidentity/core/plugin";
import { createFakeHttp } from "@azidentity/core/testing";
import { everythingShown, scope } from "@azidentity/test-support";
import { beforeAll, expect, it } from "vitest";
import users from "../src/index.ts";
import { loadMsal } from "../src/msal/exchange.ts";
import { createConsentingUser, deviceAnswer, hurry, userAnswer } from "./user-answer.ts";

beforeAll(() => void loadMsal()); // the first test is not to wait for it

const jwt = (claims: object) =>
  `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.canary`;

const person = createConsentingUser();

const cases: Readonly<Record<string, object>> = {
  "authorization-code": {
    clientId: "app",
    clientSecret: "canary-secret",
    authorizationCode: "canary-code",
    codeVerifier: "canary-verifier".padEnd(43, "x"),
    redirectUri: "http://localhost",
  },
  "interactive-browser": { clientId: "app", openBrowser: person.openBrowser },
  "device-code": { clientId: "app", userPromptCallback: () => undefined },
  "username-password": { clientId: "app", username: "ann@contoso.com", password: "canary-password" },
};

/** All that a request carries, as a server would quote it. */
const quote = ({ body = "", headers }: HttpRequest) =>
  `${JSON.stringify(headers)} ${decodeURIComponent(body.replaceAll("+", " "))} ${body}`;
type Reply = (request: HttpRequest) => Partial<HttpResponse>;
const replies: Record<string, Reply> = {
  "a token": () =>
    userAnswer(
      { name: "ann", nonce: person.nonce },
      { access_token: jwt({ appid: "app" }), refresh_token: "canary-refresh-token" },
    ),
  "a refusal that quotes the request": (request) => ({
    status: 401,
    body: JSON.stringify({ error: "invalid_client", error_description: `AADSTS7000215: ${quote(request)}` }),
  }),
  "a page that quotes the request": (request) => ({ status: 502, body: `<pre>${quote(request)}</pre>` }),
  "a page instead of a token": (request) => ({ status: 200, body: `<pre>${quote(request)}</pre>` }),
};

async function shownBy(name: string, options: object, reply: Reply): Promise<string> {
  return everythingShown(async (see) => {
    const device = deviceAnswer({ expires_in: 30 }); // six polls
    const http = createFakeHttp((request) => (request.url.includes("devicecode") ? device : reply(request)));
    const logger = { error: see, warn: see, info: see, debug: see };
    const config = { config: false, plugins: [users], log: { level: "debug" } } as const;
    await using identity = createIdentity(config, { env: {}, http, logger, clock: createClock() });
    const credential = identity.credential(name as "username-password", options);
    await credential.getToken(scope, { enableCae: true }).then(see, see);
    await credential.getToken("https://storage.azure.com/.default").then(see, see);
    see(credential, identity, http.requests.length);
  });
}

/**
 * A clock on which pauses take no time, and count: whatever asks again and again comes to its end.
 */
function createClock() {
  let passed = 0;
  const sleep = async (ms: number, signal: AbortSignal) => {
    await hurry.sleep(ms, signal);
    passed += ms;
  };
  return { ...hurry, now: () => Date.now(), monotonic: () => passed, sleep };
}

const rows = Object.entries(cases).flatMap(([name, options]) =>
  Object.entries(replies).map(([what, reply]) => [name, what, options, reply] as const),
);

it.each(rows)("%s shows no secret after %s", async (name, _, options, reply) => {
  const shown = await shownBy(name, options, reply);
  expect(shown).not.toContain("canary");
  expect(shown).not.toMatch(/eyJ[\w-]{10,}\./);
  expect(shown).toContain("/oauth2/v2.0/token"); // it got that far, and the log was on
});

it("the check covers every source", () => {
  expect(new Set(Object.keys(cases))).toEqual(new Set(users.sources.map(({ name }) => name)));
});

it("the check finds the secrets in the requests", async () => {
  const http = createFakeHttp(userAnswer({ name: "ann" }));
  await using identity = createIdentity({ config: false, plugins: [users] }, { env: {}, http });
  await identity.credential("username-password", cases["username-password"]).getToken(scope);
  expect(http.requests.map(quote).join()).toContain("canary-password");
});
