import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { send } from "../../../test/support/plain-client.ts";
import {
  ann,
  authorizeUrl,
  ben,
  type Changes,
  desktop,
  pkce,
  startWithUsers,
  vault,
  web,
  withoutConsent,
} from "../../../test/support/users.ts";
import type { SignInOutcome } from "../../browser/browser.ts";
import type { Emulator } from "../../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startWithUsers();
});
beforeEach(() => {
  emulator.policies.clear();
  emulator.requests.clear();
});
afterAll(() => emulator.close());

const at = (changes: Changes = {}, tenant?: string) => authorizeUrl(emulator, changes, tenant);
/** The tenant in which the account of a sign-in with `client_info` is at home. */
const homeTenantOf = ({ parameters }: SignInOutcome): string =>
  JSON.parse(Buffer.from(parameters.client_info ?? "", "base64url").toString()).utid;
const firstLine = ({ error_description = "" }: Readonly<Record<string, string>>) => error_description.split(":")[0];

it.each([
  [{ client_id: undefined }, 900144],
  [{ client_id: "9d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d99" }, 700016],
  [{ redirect_uri: "https://evil.example/" }, 50011],
  [{ redirect_uri: "http://localhost.evil.example:4711" }, 50011],
  [{ redirect_uri: "http://localhost:4711/elsewhere" }, 50011],
  [{ redirect_uri: "http://localhost@evil.example/" }, 50011],
  [{ redirect_uri: "https://localhost:4711" }, 50011],
  [{ redirect_uri: "http://127.0.0.1:4711" }, 50011],
  [{ redirect_uri: "javascript:alert(1)" }, 50011],
  [{ redirect_uri: "nonsense" }, 50011],
  [{ client_id: web.clientId, redirect_uri: undefined }, 500113],
  [{ client_id: web.clientId, redirect_uri: "https://orders.example/signed-in/" }, 50011],
] as const)(
  "an authorization request without a valid redirect URI is answered by an error page: %j",
  async (changes, code) => {
    await expect(emulator.signIn(at(changes))).rejects.toMatchObject({ name: "SignInPageError", code });
  },
);

it("an authorization request without a valid redirect URI is answered by an error page if the tenant is unknown or a parameter is duplicated", async () => {
  await expect(emulator.signIn(at({}, "nowhere.example"))).rejects.toMatchObject({ code: 90002 });
  await expect(emulator.signIn(`${at()}&client_id=${desktop.clientId}`)).rejects.toMatchObject({ code: 9000411 });
});

it("an authorization request without a valid redirect URI is shown as escaped text", async () => {
  const { status, body, headers } = await send(emulator, at({ redirect_uri: "https://x/<script>alert(1)</script>" }));
  expect(status).toBe(400);
  expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(body).toContain("https://x/&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(body).not.toContain("<script");
});

it.each([
  [{}, "http://localhost:1"],
  [{}, "http://localhost:65535/"],
  [{}, undefined],
  [{ redirectUris: ["http://127.0.0.1/back"] }, "http://127.0.0.1:8400/back"],
  [{ redirectUris: ["myapp://auth"] }, "myapp://auth"],
])("a redirect URI is accepted for an application with %j: %s", async (options, uri) => {
  const own = await startWithUsers({
    tenants: [{ applications: [{}, { ...desktop, ...options }], users: [ann] }],
  });
  try {
    const { url } = await own.signIn(authorizeUrl(own, { redirect_uri: uri }));
    expect(url.startsWith(`${new URL(uri ?? "http://localhost").href}?code=`)).toBe(true);
  } finally {
    await own.close();
  }
});

it.each(["http://intranet.example:8080/", "https://localhost:8080/", "myapp://auth:8080"])(
  "a redirect URI with another port is refused: %s",
  async (known) => {
    const application = { ...desktop, redirectUris: [known] };
    const own = await startWithUsers({ tenants: [{ applications: [{}, application], users: [ann] }] });
    try {
      const url = authorizeUrl(own, { redirect_uri: known.replace("8080", "8081") });
      await expect(own.signIn(url)).rejects.toMatchObject({ code: 50011 });
    } finally {
      await own.close();
    }
  },
);

it.each([
  [{ response_type: undefined }, "invalid_request", 900144],
  [{ response_type: "token" }, "unsupported_response_type", 700054],
  [{ response_mode: "web_message" }, "unsupported_response_mode", 70007],
  [{ prompt: "please" }, "invalid_request", 90023],
  [{ scope: undefined }, "invalid_request", 900144],
  [{ scope: "https://unknown.example/.default" }, "invalid_resource", 500011],
  [{ scope: "/.default" }, "invalid_scope", 70011],
  [{ claims: "[]" }, "invalid_request", 50117],
  [{ code_challenge: "short" }, "invalid_request", 501491],
  [{ code_challenge: pkce.challenge, code_challenge_method: "S512" }, "invalid_request", 90023],
  [{ prompt: "none" }, "login_required", 50058],
  [{ prompt: "none", login_hint: "unknown@contoso.example" }, "login_required", 50058],
] as const)("an invalid authorization request is answered by an error redirect: %j", async (changes, error, code) => {
  const { steps, parameters } = await emulator.signIn(at(changes));
  expect(steps).toEqual([]);
  expect(parameters).toMatchObject({ error, state: "a state" });
  expect(firstLine(parameters)).toBe(`AADSTS${code}`);
  expect(parameters).not.toHaveProperty("code");
});

it.each([
  [undefined, "GET", /^http:\/\/localhost:4711\/\?code=[\w-]+&session_state=[\w-]+&state=a\+state$/],
  ["query", "GET", /^http:\/\/localhost:4711\/\?code=/],
  ["fragment", "GET", /^http:\/\/localhost:4711\/#code=/],
  ["form_post", "POST", /^http:\/\/localhost:4711$/],
])("the authorization response is sent by %s", async (mode, method, address) => {
  const { url, parameters, ...answer } = await emulator.signIn(at({ response_mode: mode }));
  expect(answer.method).toBe(method);
  expect(url).toMatch(address);
  expect(parameters).toEqual({ code: expect.any(String), session_state: expect.any(String), state: "a state" });
});

it("the authorization response returns the state unchanged, and none if the request had none", async () => {
  const state = `"><b>&=+% é\n`;
  for (const mode of ["query", "fragment", "form_post"]) {
    expect((await emulator.signIn(at({ state, response_mode: mode }))).parameters.state).toBe(state);
  }
  expect((await emulator.signIn(at({ state: undefined }))).parameters).not.toHaveProperty("state");
});

it("the authorization response contains client_info if the request has client_info=1", async () => {
  const { parameters } = await emulator.signIn(at({ client_info: "1" }), { account: ann.username });
  expect(JSON.parse(Buffer.from(parameters.client_info ?? "", "base64url").toString())).toEqual({
    uid: ann.objectId,
    utid: emulator.tenantId,
  });
});

it("the authorization response answers a request that is a posted form", async () => {
  const url = new URL(at());
  const form = Object.fromEntries(url.searchParams);
  const { status, body } = await send(emulator, url.pathname, { form });
  expect([status, body.includes("<h1>Sign in</h1>")]).toEqual([200, true]);
});

it("a user at the sign-in page signs in by name and password", async () => {
  const { steps } = await emulator.signIn(at(), { account: "ANN@contoso.example" });
  expect(steps).toEqual(["account", "password"]);
});

it("a user at the sign-in page types only the password if the request has a login_hint", async () => {
  expect((await emulator.signIn(at({ login_hint: ann.username }))).steps).toEqual(["password"]);
});

it("a user at the sign-in page can use another account than the login_hint", async () => {
  const { steps } = await emulator.signIn(at({ login_hint: ann.username }), { account: ben.username });
  expect(steps).toEqual(["password", "account", "password"]);
});

it.each([
  [{ password: "wrong" }, "The password is wrong. Type it again."],
  [
    { account: "unknown@contoso.example" },
    "There is no account unknown@contoso.example. Check the name, and type it again.",
  ],
])("a user at the sign-in page sees what is wrong with the input: %j", async (options, message) => {
  await expect(emulator.signIn(at(), options)).rejects.toThrow(message);
});

it.each([
  [true, {}, "account", undefined],
  ["account", {}, "account", undefined],
  ["password", {}, "password", undefined],
  ["create", { prompt: "create" }, "create", undefined],
  [
    "second-factor",
    { claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}' },
    "second-factor",
    undefined,
  ],
  ["consent", { client_id: withoutConsent.clientId, prompt: "consent" }, "consent", "AADSTS65004"],
] as const)("a user at the sign-in page can cancel: %s", async (decline, changes, last, description) => {
  const { steps, parameters } = await emulator.signIn(at(changes), { decline });
  expect(steps.at(-1)).toBe(last);
  expect(parameters).toMatchObject({ error: "access_denied", state: "a state" });
  expect(parameters.error_description?.split(":")[0]).toBe(description);
  expect(parameters.error_subcode).toBe(description === undefined ? "cancel" : undefined);
});

it("a user at the sign-in page creates an account, and is signed in to it", async () => {
  const dora = { account: "dora@contoso.example", password: "Dora-s3cret" };
  expect((await emulator.signIn(at({ prompt: "create" }), dora)).steps).toEqual(["create"]);
  expect((await emulator.signIn(at(), dora)).steps).toEqual(["account", "password"]);
  await expect(emulator.signIn(at({ prompt: "create" }), dora)).rejects.toThrow(/is taken/);
});

it("a user at the sign-in page is prompted once for consent to the permissions of an application", async () => {
  const changes = { client_id: withoutConsent.clientId };
  const first = await emulator.signIn(at(changes));
  const second = await emulator.signIn(at(changes));
  const other = await emulator.signIn(at({ ...changes, scope: "User.Read Files.Read" }));
  const again = await emulator.signIn(at({ prompt: "consent" }));
  expect([first, second, other, again].map(({ steps }) => steps.includes("consent"))).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

it("a user at the sign-in page cannot submit a form of another browser", async () => {
  const page = await send(emulator, at());
  const [, interaction = ""] = /name="interaction" value="([^"]+)"/.exec(page.body) ?? [];
  const form = { interaction, step: "account", username: ann.username };
  const path = `/${emulator.tenantId}/login`;
  const stranger = await send(emulator, path, { form });
  const [cookie = ""] = page.headers["set-cookie"] ?? [];
  const own = await send(emulator, path, { form, headers: { cookie: cookie.split(";")[0] ?? "" } });
  expect([stranger.status, own.status]).toEqual([400, 200]);
  expect(stranger.body).toContain("AADSTS165000");
  expect(cookie).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
});

it("a user at the sign-in page does not advance by submitting the form of another page", async () => {
  const page = await send(emulator, at({ login_hint: ann.username }));
  const [, interaction = ""] = /name="interaction" value="([^"]+)"/.exec(page.body) ?? [];
  const [cookie = ""] = page.headers["set-cookie"] ?? [];
  const form = { interaction, step: "consent", answer: "accept" };
  const headers = { cookie: cookie.split(";")[0] ?? "" };
  const { body } = await send(emulator, `/${emulator.tenantId}/login`, { form, headers });
  expect(body).toContain("<h1>Enter your password</h1>");
  expect(body).not.toContain('role="alert"');
});

it("a user at the sign-in page leaves no password in the journal", async () => {
  await emulator.signIn(at());
  expect(JSON.stringify(emulator.requests)).not.toContain(ann.password);
  expect(emulator.requests.map(({ method, path }) => [method, path.split("/").at(-1)])).toEqual([
    ["GET", "authorize"],
    ["POST", "login"],
    ["POST", "login"],
  ]);
});

it("a browser with a signed-in user shows no page unless the request has prompt=login", async () => {
  const browser = emulator.openBrowser();
  await browser.signIn(at(), { account: ann.username });
  const stepsWith = async (changes: Changes) => (await browser.signIn(at(changes), { account: ann.username })).steps;
  expect(await stepsWith({})).toEqual([]);
  expect(await stepsWith({ prompt: "none" })).toEqual([]);
  expect(await stepsWith({ prompt: "none", login_hint: ann.username })).toEqual([]);
  expect(await stepsWith({ prompt: "select_account" })).toEqual(["account"]);
  expect(await stepsWith({ prompt: "login" })).toEqual(["account", "password"]);
  expect(await stepsWith({ prompt: "consent" })).toEqual(["consent"]);
});

it("a browser with a signed-in user shows an account picker for several accounts, unless a hint selects one", async () => {
  const browser = emulator.openBrowser();
  await browser.signIn(at(), { account: ann.username });
  await browser.signIn(at({ prompt: "select_account" }), { account: ben.username });
  expect((await browser.signIn(at(), { account: ben.username })).steps).toEqual(["account"]);
  expect((await browser.signIn(at({ login_hint: ben.username }))).steps).toEqual([]);
  const silent = await browser.signIn(at({ prompt: "none" }));
  expect([silent.parameters.error, firstLine(silent.parameters)]).toEqual(["interaction_required", "AADSTS16000"]);
});

it("a browser with a signed-in user prefers accounts of the domain_hint", async () => {
  const browser = emulator.openBrowser();
  await browser.signIn(at({}, "common"), { account: ann.username });
  const carl = await browser.signIn(at({ prompt: "select_account", client_info: "1" }, "common"), {
    account: "carl@fabrikam.example",
  });
  const hinted = await browser.signIn(
    at({ prompt: "none", domain_hint: "fabrikam.example", client_info: "1" }, "common"),
  );
  expect(homeTenantOf(hinted)).toBe(homeTenantOf(carl));
  expect(homeTenantOf(hinted)).not.toBe(emulator.tenantId);
});

it("a browser with a signed-in user prompts again after the session was revoked", async () => {
  const browser = emulator.openBrowser();
  await browser.signIn(at(), { account: ann.username });
  emulator.revokeSession(ann.objectId);
  expect((await browser.signIn(at({ prompt: "none" }))).parameters.error).toBe("login_required");
  expect((await browser.signIn(at(), { account: ann.username })).steps).toEqual(["account", "password"]);
});

it("prompt=none redirects with the error of the page that it does not show", async () => {
  const browser = emulator.openBrowser();
  await browser.signIn(at(), { account: ann.username });
  const errorWith = async (changes: Changes) => {
    const { steps, parameters } = await browser.signIn(at({ prompt: "none", ...changes }));
    return [steps.length, parameters.error, firstLine(parameters)];
  };
  const unseen = { client_id: withoutConsent.clientId, scope: "https://graph.microsoft.com/Mail.Read" };
  expect(await errorWith(unseen)).toEqual([0, "consent_required", "AADSTS65001"]);
  emulator.policies.add({ grantControl: "mfa", resource: "https://vault.azure.net" });
  expect(await errorWith({})).toEqual([0, "interaction_required", "AADSTS50076"]);
  emulator.policies.add({ grantControl: "block", clientId: desktop.clientId });
  expect(await errorWith({})).toEqual([0, "access_denied", "AADSTS53003"]);
});

it("a user who may not continue sees the reason, which the redirect also contains", async () => {
  emulator.policies.add({ grantControl: "block", username: ben.username });
  await expect(emulator.signIn(at(), { account: ben.username })).rejects.toMatchObject({ code: 53003 });
  const { parameters } = await emulator.signIn(at(), { account: ben.username, decline: "refused" });
  expect([parameters.error, firstLine(parameters)]).toEqual(["access_denied", "AADSTS53003"]);
  expect((await emulator.signIn(at(), { account: ann.username })).parameters.code).toBeDefined();
});

it("a user who may not continue is a member of another tenant and not a guest", async () => {
  const fabrikam = "fabrikam.example";
  const carl = { account: "carl@fabrikam.example" };
  await expect(emulator.signIn(at(), carl)).rejects.toMatchObject({ code: 50020 });
  expect((await emulator.signIn(at({}, fabrikam), carl)).parameters.code).toBeDefined();
  expect((await emulator.signIn(at({}, fabrikam), { account: ann.username })).parameters.code).toBeDefined();
});

it("a user who may not continue signs in to an application that the home tenant does not have", async () => {
  const url = at({ client_id: withoutConsent.clientId }, "organizations");
  await expect(emulator.signIn(url, { account: "carl@fabrikam.example" })).rejects.toMatchObject({ code: 700016 });
});

it("a user who may not continue has no second factor where a policy requires one", async () => {
  emulator.policies.add({ grantControl: "mfa" });
  await expect(emulator.signIn(at(), { account: ben.username })).rejects.toMatchObject({ code: 50079 });
});

describe("a second factor", () => {
  const step = async (options = {}, changes: Changes = {}) =>
    (await emulator.signIn(at(changes), options)).steps.at(-1);

  it("a second factor is prompted for where a policy requires it, and nowhere else", async () => {
    emulator.policies.add({ grantControl: "mfa", resource: "https://vault.azure.net/" });
    expect(await step()).toBe("second-factor");
    expect(await step({}, { scope: "https://storage.azure.com/.default" })).toBe("password");
    expect(await step({}, { scope: `https://storage.azure.com/.default ${vault}` })).toBe("second-factor");
    await expect(emulator.signIn(at(), { secondFactor: "000000" })).rejects.toThrow("The code is wrong.");
  });

  it("a second factor is prompted for once in a browser if the claims request an authentication context", async () => {
    const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: "c1" } } });
    const browser = emulator.openBrowser();
    await browser.signIn(at());
    expect((await browser.signIn(at({ claims }))).steps).toEqual(["second-factor"]);
    expect((await browser.signIn(at({ claims }))).steps).toEqual([]);
  });

  it("a second factor is required only by a known grantControl", () => {
    expect(() => emulator.policies.add({ grantControl: "magic" as never })).toThrow(TypeError);
  });
});

describe("every page", () => {
  const pages: readonly (readonly [
    string,
    () => Promise<{ body: string; headers: Readonly<Record<string, unknown>> }>,
  ])[] = [
    ["the sign-in", () => send(emulator, at())],
    ["the password", () => send(emulator, at({ login_hint: ann.username }))],
    ["a new account", () => send(emulator, at({ prompt: "create" }))],
    ["the code of a device", () => send(emulator, "/common/oauth2/deviceauth")],
    ["an error", () => send(emulator, at({ client_id: undefined }))],
    ["the sign-out", () => send(emulator, `/common/oauth2/v2.0/logout`)],
  ];
  it.each(pages)("every page has a title, labels its fields and loads no resources: %s", async (_, open) => {
    const { body, headers } = await open();
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">/);
    const [, title] = /<title>([^<]+)<\/title>/.exec(body) ?? [];
    expect(body.match(/<h1>[^<]+<\/h1>/g)).toEqual([`<h1>${title}</h1>`]);
    const fields = [...body.matchAll(/<input (?![^>]*(?:type="hidden"|hidden>))[^>]*id="([\w-]+)"/g)].map(
      ([, id]) => id,
    );
    const labels = [...body.matchAll(/<label for="([\w-]+)">[^<]+<\/label>/g)].map(([, id]) => id);
    expect(labels).toEqual(fields);
    expect(body).not.toMatch(/<(?:script|link|img|iframe)\b/);
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'(?: http:\/\/localhost:4711)?; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["referrer-policy"]).toBe("no-referrer");
  });

  it("every page has a title that begins with Error if the input was wrong", async () => {
    const page = await send(emulator, "/common/oauth2/deviceauth", { form: { user_code: "WRONG" } });
    expect(page.body).toContain("<title>Error: Enter the code</title>");
    expect(page.body).toMatch(/<p class="alert" role="alert" id="problem">[^<]+<\/p>/);
    expect(page.body).toMatch(/<input id="field"[^>]* aria-invalid="true" aria-describedby="problem">/);
    expect(page.body).toContain('value="WRONG"');
  });
});
