import { request } from "node:http";
import { createServer } from "node:net";
import { errorOf } from "@azidentity/test-support";
import { afterEach, describe, expect, it } from "vitest";
import { post, send } from "../../test/browser-request.ts";
import { loopbackAddresses } from "../../test/loopback-addresses.ts";
import { openRedirectPage, type RedirectPage } from "./await-redirect.ts";
import { donePage } from "./pages.ts";
import { parseRedirectUri } from "./redirect-uri.ts";

const opened: RedirectPage[] = [];
afterEach(() => Promise.all(opened.splice(0).map((page) => page.close())));

async function open(text = "http://localhost", responseMode: "form_post" | "query" = "form_post") {
  const page = await openRedirectPage("browser", { ...parseRedirectUri("browser", text), responseMode, state: "s1" });
  opened.push(page);
  return page;
}

/** What the page hears at last, after all that it was sent before. */
async function codeReceivedBy({ uri, response }: RedirectPage) {
  post(uri, { state: "s1", code: "the-answer" });
  return (await response).fields.get("code");
}

describe("the redirect page", () => {
  it("listens on a free port, on loopback only", async () => {
    const { uri } = await open();
    expect(uri).toMatch(/^http:\/\/localhost:\d{4,5}$/);
    const { port } = new URL(uri);
    for (const address of loopbackAddresses) {
      const host = address.includes(":") ? `[${address}]` : address;
      expect((await post(`http://${host}:${port}`, "", { host: `localhost:${port}` })).status).toBe(400);
    }
  });

  it("the redirect page accepts a posted form, and sends a page with the result", async () => {
    const { uri, response } = await open("http://127.0.0.1/sign-in");
    const answer = post(uri, { state: "s1", code: "c1", client_info: "…" });
    const { fields, method, show } = await response;
    expect([method, fields.get("code")]).toEqual(["POST", "c1"]);
    await show(donePage("ann", {}));
    const { status, headers, body } = await answer;
    expect([status, headers["content-type"], headers.connection]).toEqual([200, "text/html; charset=utf-8", "close"]);
    expect(body).toContain("Signed in as ann.");
  });

  it("the redirect page accepts a query if that response mode was requested", async () => {
    const { uri, response } = await open("http://localhost", "query");
    expect((await post(uri, { state: "s1", code: "c1" })).status).toBe(405);
    send(`${uri}?state=s1&code=c2`);
    expect((await response).fields.get("code")).toBe("c2");
  });

  it.each([
    ["another state", { state: "s2", code: "c1" }, {}, 400],
    ["no state", { code: "c1" }, {}, 400],
    ["two states", "state=s1&state=s2&code=c1", {}, 400],
    ["a body of another media type", '{"state":"s1"}', { "content-type": "application/json" }, 415],
    ["a body without a media type", "state=s1", { "content-type": "" }, 415],
    ["a foreign host name", { state: "s1", code: "c1" }, { host: "evil.test" }, 421],
    ["another name of this host", { state: "s1", code: "c1" }, { host: "127.0.0.1" }, 421],
  ])("the redirect page refuses %s, and keeps waiting", async (_, fields, headers, status) => {
    const page = await open();
    const answer = await post(page.uri, fields, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toMatch(/s1|s2|c1/);
    expect(await codeReceivedBy(page)).toBe("the-answer");
  });

  it.each([
    ["another path", "GET", "/favicon.ico", 404],
    ["a GET without a query", "GET", "", 405],
    ["another method", "PUT", "", 405],
    ["an OPTIONS request", "OPTIONS", "", 405],
  ])("the redirect page refuses %s, and keeps waiting", async (_, method, path, status) => {
    const page = await open();
    expect((await send(page.uri + path, { method })).status).toBe(status);
    expect(await codeReceivedBy(page)).toBe("the-answer");
  });

  it.each([
    ["announced", {}],
    ["not announced", { "transfer-encoding": "chunked" }],
  ])("the redirect page does not read a body of 10 MB that is %s", async (_, headers) => {
    const page = await open();
    const { status } = await post(page.uri, `state=s1&code=c1&x=${"x".repeat(10_000_000)}`, headers);
    expect([413, 0]).toContain(status); // 0: it was cut before the sender had looked for an answer
    expect(await codeReceivedBy(page)).toBe("the-answer");
  });

  it("the redirect page accepts one response, and refuses a second", async () => {
    const { uri, response } = await open();
    const first = post(uri, { state: "s1", code: "c1" });
    const { show } = await response;
    expect((await post(uri, { state: "s1", code: "c2" })).status).toBe(409);
    expect((await response).fields.get("code")).toBe("c1");
    await show(donePage("", {}));
    expect((await first).status).toBe(200);
  });

  it("the redirect page does not wait for a browser that has disconnected", async () => {
    const { uri, response } = await open();
    const browser = request(uri, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } });
    browser.on("error", () => undefined).end("state=s1&code=c1");
    const { show } = await response;
    browser.destroy();
    await send(uri); // by then the page has heard of it
    await show(donePage("", {}));
  });

  it("the redirect page closes open connections when it is closed", async () => {
    const { uri, close } = await open();
    const hanging = send(uri, { method: "POST", headers: { "content-length": 100 } });
    await close();
    expect((await hanging).status).toBe(0);
    expect((await post(uri, { state: "s1", code: "c1" })).status).toBe(0);
  });
});

describe("a redirect port that is in use", () => {
  it.each(loopbackAddresses)(
    "a redirect port that is in use on %s is reported as redirect-port-taken, with a remedy",
    async (address) => {
      const other = createServer().listen(0, address);
      try {
        await new Promise((resolve) => other.once("listening", resolve));
        const { port } = other.address() as { port: number };
        const error = await errorOf(open(`http://localhost:${port}`));
        expect(error).toMatchObject({ outcome: "misconfigured", code: "redirect-port-taken" });
        expect(error.message).toContain(`port ${port} `);
      } finally {
        other.close();
      }
    },
  );
});
