import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  ann,
  asking,
  authorizeUrl,
  ben,
  type Changes,
  desktop,
  pkce,
  startWithPeople,
  vault,
  web,
} from "../../../test/support/people.ts";
import { send } from "../../../test/support/plain-client.ts";
import type { Emulator } from "../../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startWithPeople();
});
beforeEach(() => {
  emulator.policies.clear();
  emulator.requests.clear();
});
afterAll(() => emulator.close());

const at = (changes: Changes = {}, tenant?: string) => authorizeUrl(emulator, changes, tenant);
const firstLine = ({ error_description = "" }: Readonly<Record<string, string>>) => error_description.split(":")[0];

describe("an authorization request that could send a stranger to a stranger", () => {
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
  ] as const)("stays on a page: %j", async (changes, code) => {
    await expect(emulator.signIn(at(changes))).rejects.toMatchObject({ name: "SignInPageError", code });
  });

  it("stays on a page where the tenant is not known, and where a parameter is doubled", async () => {
    await expect(emulator.signIn(at({}, "nowhere.example"))).rejects.toMatchObject({ code: 90002 });
    await expect(emulator.signIn(`${at()}&client_id=${desktop.clientId}`)).rejects.toMatchObject({ code: 9000411 });
  });

  it("is shown without being obeyed", async () => {
    const { status, body, headers } = await send(emulator, at({ redirect_uri: "https://x/<script>alert(1)</script>" }));
    expect(status).toBe(400);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(body).toContain("https://x/&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(body).not.toContain("<script");
  });
});

describe("a redirect URI", () => {
  it.each([
    [{}, "http://localhost:1"],
    [{}, "http://localhost:65535/"],
    [{}, undefined],
    [{ redirectUris: ["http://127.0.0.1/back"] }, "http://127.0.0.1:8400/back"],
    [{ redirectUris: ["myapp://auth"] }, "myapp://auth"],
  ])("of an application with %j may be %s", async (options, uri) => {
    const own = await startWithPeople({
      tenants: [{ applications: [{}, { ...desktop, ...options }], users: [ann] }],
    });
    try {
      const { url } = await own.signIn(authorizeUrl(own, { redirect_uri: uri }));
      expect(url.startsWith(`${new URL(uri ?? "http://localhost").href}?code=`)).toBe(true);
    } finally {
      await own.close();
    }
  });
});

describe("a redirect URI with another port", () => {
  it.each(["http://intranet.example:8080/", "https://localhost:8080/", "myapp://auth:8080"])(
    "is not %s",
    async (known) => {
      const application = { ...desktop, redirectUris: [known] };
      const own = await startWithPeople({ tenants: [{ applications: [{}, application], users: [ann] }] });
      try {
        const url = authorizeUrl(own, { redirect_uri: known.replace("8080", "8081") });
        await expect(own.signIn(url)).rejects.toMatchObject({ code: 50011 });
      } finally {
        await own.close();
      }
    },
  );
});

describe("an authorization request that cannot be met", () => {
  it.each([
    [{ response_type: undefined }, "invalid_request", 900144],
    [{ response_type: "token" }, "unsupported_response_type", 700054],
    [{ response_mode: "web_message" }, "unsupported_response_mode", 70007],
    [{ prompt: "please" }, "invalid_request", 90023],
    [{ scope: undefined }, "invalid_request", 900144],
    [{ scope: "https://nobody.example/.default" }, "invalid_resource", 500011],
    [{ scope: "/.default" }, "invalid_scope", 70011],
    [{ claims: "[]" }, "invalid_request", 50117],
    [{ code_challenge: "short" }, "invalid_request", 501491],
    [{ code_challenge: pkce.challenge, code_challenge_method: "S512" }, "invalid_request", 90023],
    [{ prompt: "none" }, "login_required", 50058],
    [{ prompt: "none", login_hint: "nobody@contoso.example" }, "login_required", 50058],
  ] as const)("is told to the client: %j", async (changes, error, code) => {
    const { steps, parameters } = await emulator.signIn(at(changes));
    expect(steps).toEqual([]);
    expect(parameters).toMatchObject({ error, state: "a state" });
    expect(firstLine(parameters)).toBe(`AADSTS${code}`);
    expect(parameters).not.toHaveProperty("code");
  });
});

describe("the answer to a client", () => {
  it.each([
    [undefined, "GET", /^http:\/\/localhost:4711\/\?code=[\w-]+&session_state=[\w-]+&state=a\+state$/],
    ["query", "GET", /^http:\/\/localhost:4711\/\?code=/],
    ["fragment", "GET", /^http:\/\/localhost:4711\/#code=/],
    ["form_post", "POST", /^http:\/\/localhost:4711$/],
  ])("goes by %s", async (mode, method, address) => {
    const { url, parameters, ...answer } = await emulator.signIn(at({ response_mode: mode }));
    expect(answer.method).toBe(method);
    expect(url).toMatch(address);
    expect(parameters).toEqual({ code: expect.any(String), session_state: expect.any(String), state: "a state" });
  });

  it("returns the state to the letter, and none where there was none", async () => {
    const state = `"><b>&=+% é\n`;
    for (const mode of ["query", "fragment", "form_post"]) {
      expect((await emulator.signIn(at({ state, response_mode: mode }))).parameters.state).toBe(state);
    }
    expect((await emulator.signIn(at({ state: undefined }))).parameters).not.toHaveProperty("state");
  });

  it("names the account where the client wants to know it", async () => {
    const { parameters } = await emulator.signIn(at({ client_info: "1" }), { account: ann.username });
    expect(JSON.parse(Buffer.from(parameters.client_info ?? "", "base64url").toString())).toEqual({
      uid: ann.objectId,
      utid: emulator.tenantId,
    });
  });

  it("takes a request as a form, too", async () => {
    const url = new URL(at());
    const form = Object.fromEntries(url.searchParams);
    const { status, body } = await send(emulator, url.pathname, { form });
    expect([status, body.includes("<h1>Sign in</h1>")]).toEqual([200, true]);
  });
});

describe("a person at the sign-in page", () => {
  it("types name and password", async () => {
    const { steps } = await emulator.signIn(at(), { account: "ANN@contoso.example" });
    expect(steps).toEqual(["account", "password"]);
  });

  it("types the password alone where the client knows the name", async () => {
    expect((await emulator.signIn(at({ login_hint: ann.username }))).steps).toEqual(["password"]);
  });

  it("can be somebody else than the client thinks", async () => {
    const { steps } = await emulator.signIn(at({ login_hint: ann.username }), { account: ben.username });
    expect(steps).toEqual(["password", "account", "password"]);
  });

  it.each([
    [{ password: "wrong" }, "The password is wrong. Type it again."],
    [
      { account: "nobody@contoso.example" },
      "There is no account nobody@contoso.example. Check the name, and type it again.",
    ],
  ])("is told what is wrong: %j", async (options, message) => {
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
    ["consent", { client_id: asking.clientId }, "consent", "AADSTS65004"],
  ] as const)("can give up: %s", async (decline, changes, last, description) => {
    const { steps, parameters } = await emulator.signIn(at(changes), { decline });
    expect(steps.at(-1)).toBe(last);
    expect(parameters).toMatchObject({ error: "access_denied", state: "a state" });
    expect(parameters.error_description?.split(":")[0]).toBe(description);
    expect(parameters.error_subcode).toBe(description === undefined ? "cancel" : undefined);
  });

  it("makes an account, and is signed in by it", async () => {
    const dora = { account: "dora@contoso.example", password: "Dora-s3cret" };
    expect((await emulator.signIn(at({ prompt: "create" }), dora)).steps).toEqual(["create"]);
    expect((await emulator.signIn(at(), dora)).steps).toEqual(["account", "password"]);
    await expect(emulator.signIn(at({ prompt: "create" }), dora)).rejects.toThrow(/is taken/);
  });

  it("agrees once to what an application asks for", async () => {
    const changes = { client_id: asking.clientId };
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

  it("cannot answer for another browser", async () => {
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

  it("gets nowhere by an answer to another question", async () => {
    const page = await send(emulator, at({ login_hint: ann.username }));
    const [, interaction = ""] = /name="interaction" value="([^"]+)"/.exec(page.body) ?? [];
    const [cookie = ""] = page.headers["set-cookie"] ?? [];
    const form = { interaction, step: "consent", answer: "accept" };
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    const { body } = await send(emulator, `/${emulator.tenantId}/login`, { form, headers });
    expect(body).toContain("<h1>Enter your password</h1>");
    expect(body).not.toContain('role="alert"');
  });

  it("leaves no password in the journal", async () => {
    await emulator.signIn(at());
    expect(JSON.stringify(emulator.requests)).not.toContain(ann.password);
    expect(emulator.requests.map(({ method, path }) => [method, path.split("/").at(-1)])).toEqual([
      ["GET", "authorize"],
      ["POST", "login"],
      ["POST", "login"],
    ]);
  });
});

describe("a browser that somebody has signed in in", () => {
  it("asks nothing, unless the client insists", async () => {
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

  it("asks which of several accounts it shall be, unless a hint says so", async () => {
    const browser = emulator.openBrowser();
    await browser.signIn(at(), { account: ann.username });
    await browser.signIn(at({ prompt: "select_account" }), { account: ben.username });
    expect((await browser.signIn(at(), { account: ben.username })).steps).toEqual(["account"]);
    expect((await browser.signIn(at({ login_hint: ben.username }))).steps).toEqual([]);
    const silent = await browser.signIn(at({ prompt: "none" }));
    expect([silent.parameters.error, firstLine(silent.parameters)]).toEqual(["interaction_required", "AADSTS16000"]);
  });

  it("prefers the domain that the client names", async () => {
    const browser = emulator.openBrowser();
    await browser.signIn(at({}, "common"), { account: ann.username });
    await browser.signIn(at({ prompt: "select_account" }, "common"), { account: "carl@fabrikam.example" });
    const hinted = await browser.signIn(
      at({ prompt: "none", domain_hint: "fabrikam.example", client_info: "1" }, "common"),
    );
    const { utid } = JSON.parse(Buffer.from(hinted.parameters.client_info ?? "", "base64url").toString());
    expect(utid).not.toBe(emulator.tenantId);
  });

  it("asks again once the session was revoked", async () => {
    const browser = emulator.openBrowser();
    await browser.signIn(at(), { account: ann.username });
    emulator.revokeSession(ann.objectId);
    expect((await browser.signIn(at({ prompt: "none" }))).parameters.error).toBe("login_required");
    expect((await browser.signIn(at(), { account: ann.username })).steps).toEqual(["account", "password"]);
  });
});

describe("prompt=none", () => {
  it("tells the client what would have been asked", async () => {
    const browser = emulator.openBrowser();
    await browser.signIn(at(), { account: ann.username });
    const errorWith = async (changes: Changes) => {
      const { steps, parameters } = await browser.signIn(at({ prompt: "none", ...changes }));
      return [steps.length, parameters.error, firstLine(parameters)];
    };
    const unseen = { client_id: asking.clientId, scope: "https://graph.microsoft.com/Mail.Read" };
    expect(await errorWith(unseen)).toEqual([0, "consent_required", "AADSTS65001"]);
    emulator.policies.add({ demands: "second-factor", resource: "https://vault.azure.net" });
    expect(await errorWith({})).toEqual([0, "interaction_required", "AADSTS50076"]);
    emulator.policies.add({ demands: "block", clientId: desktop.clientId });
    expect(await errorWith({})).toEqual([0, "access_denied", "AADSTS53003"]);
  });
});

describe("a person who is not let through", () => {
  it("learns why, and takes the reason back to the client", async () => {
    emulator.policies.add({ demands: "block", username: ben.username });
    await expect(emulator.signIn(at(), { account: ben.username })).rejects.toMatchObject({ code: 53003 });
    const { parameters } = await emulator.signIn(at(), { account: ben.username, decline: "refused" });
    expect([parameters.error, firstLine(parameters)]).toEqual(["access_denied", "AADSTS53003"]);
    expect((await emulator.signIn(at(), { account: ann.username })).parameters.code).toBeDefined();
  });

  it("is of another tenant, and no guest", async () => {
    const fabrikam = "fabrikam.example";
    const carl = { account: "carl@fabrikam.example" };
    await expect(emulator.signIn(at(), carl)).rejects.toMatchObject({ code: 50020 });
    expect((await emulator.signIn(at({}, fabrikam), carl)).parameters.code).toBeDefined();
    expect((await emulator.signIn(at({}, fabrikam), { account: ann.username })).parameters.code).toBeDefined();
  });

  it("wants an application that the own tenant does not know", async () => {
    const wanted = at({ client_id: asking.clientId }, "organizations");
    await expect(emulator.signIn(wanted, { account: "carl@fabrikam.example" })).rejects.toMatchObject({ code: 700016 });
  });

  it("has no second factor to give", async () => {
    emulator.policies.add({ demands: "second-factor" });
    await expect(emulator.signIn(at(), { account: ben.username })).rejects.toMatchObject({ code: 50079 });
  });
});

describe("a second factor", () => {
  const step = async (options = {}, changes: Changes = {}) =>
    (await emulator.signIn(at(changes), options)).steps.at(-1);

  it("is asked for where a policy demands it, and nowhere else", async () => {
    emulator.policies.add({ demands: "second-factor", resource: "https://vault.azure.net/" });
    expect(await step()).toBe("second-factor");
    expect(await step({}, { scope: "https://storage.azure.com/.default" })).toBe("password");
    expect(await step({}, { scope: `https://storage.azure.com/.default ${vault}` })).toBe("second-factor");
    await expect(emulator.signIn(at(), { secondFactor: "000000" })).rejects.toThrow("The code is wrong.");
  });

  it("is asked for where the claims demand an authentication context, and once in a browser", async () => {
    const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: "c1" } } });
    const browser = emulator.openBrowser();
    await browser.signIn(at());
    expect((await browser.signIn(at({ claims }))).steps).toEqual(["second-factor"]);
    expect((await browser.signIn(at({ claims }))).steps).toEqual([]);
  });

  it("is no word that a policy may make up", () => {
    expect(() => emulator.policies.add({ demands: "magic" as never })).toThrow(TypeError);
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
  it.each(pages)("names itself, labels its fields, and loads nothing: %s", async (_, open) => {
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

  it("says in its title that something is wrong", async () => {
    const page = await send(emulator, "/common/oauth2/deviceauth", { form: { user_code: "WRONG" } });
    expect(page.body).toContain("<title>Error: Enter the code</title>");
    expect(page.body).toMatch(/<p class="alert" role="alert" id="problem">[^<]+<\/p>/);
    expect(page.body).toMatch(/<input id="field"[^>]* aria-invalid="true" aria-describedby="problem">/);
    expect(page.body).toContain('value="WRONG"');
  });
});
