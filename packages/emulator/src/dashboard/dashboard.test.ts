import { once } from "node:events";
import { get, type IncomingMessage, request as startRequest } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../index.ts";

const hostile = `<img src=x onerror="alert(1)">`;

let emulator: Emulator;
let url: string;
beforeEach(async () => {
  const users = [{ username: "ann@contoso.example", password: "c4n4ry-password", displayName: hostile }];
  const applications = [{ secrets: ["c4n4ry-secret"] }, { displayName: hostile, publicClient: true, secrets: [] }];
  emulator = await startEmulator({ tenants: [{ displayName: "Contoso", users, applications }] });
  ({ url } = await emulator.startDashboard());
});
afterEach(() => emulator.close());

async function load(path = "", headers: Readonly<Record<string, string>> = {}, method = "GET") {
  const outgoing = startRequest(new URL(path, url), { headers, method, agent: false }).end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return { response, body: Buffer.concat(await response.toArray()).toString("utf8") };
}

/** Calls the API without a token: a request that the journal records. */
async function callApi(path = ""): Promise<void> {
  const { get: getSecurely } = await import("node:https");
  const outgoing = getSecurely(emulator.api.url + path, { ca: emulator.caCertificate, agent: false });
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  await response.toArray();
}

async function* events() {
  const [response] = (await once(get(new URL("events", url), { agent: false }), "response")) as [IncomingMessage];
  let rest = "";
  for await (const chunk of response.setEncoding("utf8")) {
    const parts = `${rest}${chunk}`.split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
      if (event !== undefined) yield { event, data: JSON.parse(data ?? "null") };
    }
  }
}

it("the page shows applications, users and requests, and no secret", async () => {
  await callApi();
  const { response, body } = await load();
  expect(response.headers["content-security-policy"]).toContain("default-src 'none'");
  for (const shown of ["Contoso", emulator.application.clientId, "ann@contoso.example", "/me", "401", "1 secret"])
    expect(body).toContain(shown);
  expect(body).not.toContain("c4n4ry");
});

it("what names and paths contain is text", async () => {
  await callApi(`/${encodeURIComponent(hostile)}?scope=${encodeURIComponent(hostile)}`);
  const { body } = await load();
  expect(body).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
  expect(body).not.toContain("<img");
});

it("a reader of the feed gets everything first, then each request when it arrives and when it is answered", async () => {
  await callApi("/before");
  const feed = events();
  const { value: all } = await feed.next();
  expect(all).toMatchObject({ event: "all", data: { rows: expect.stringContaining("/me/before") } });
  await callApi("/after");
  const rows: { number: number; row: string }[] = [];
  for await (const { event, data } of feed) {
    if (event === "requests") rows.push(...data);
    if (rows.at(-1)?.row.includes("404")) break;
  }
  expect(rows.every(({ row }) => row.includes("/me/after") && !row.includes("/me/before"))).toBe(true);
  expect(new Set(rows.map(({ number }) => number)).size).toBe(1);
});

it("a change of the directory is sent", async () => {
  const feed = events();
  await feed.next();
  emulator.credentials.add({ secret: "another" });
  await callApi();
  for await (const { event, data } of feed) {
    if (event !== "directory") continue;
    expect(data).toContain("2 secrets");
    break;
  }
});

it("names that another site may have resolve to this machine are refused", async () => {
  for (const host of ["evil.test", "localhost.evil.test"])
    expect((await load("", { host })).response.statusCode, host).toBe(403);
  for (const host of ["localhost:1", "127.0.0.1", "[::1]:1"])
    expect((await load("", { host })).response.statusCode, host).toBe(200);
});

it("of a target that is a whole URL, the host has to be this machine", async () => {
  const statusOf = async (path: string) => {
    const [response] = await once(startRequest(new URL(url), { path, agent: false }).end(), "response");
    response.resume();
    return response.statusCode;
  };
  expect(await statusOf(url)).toBe(200);
  expect(await statusOf("http://evil.test/")).toBe(403);
});

it("other paths and methods are refused", async () => {
  expect((await load("other")).response.statusCode).toBe(404);
  expect((await load("", {}, "POST")).response.statusCode).toBe(405);
});

it("a port may be chosen, and one that is taken is an error", async () => {
  const port = Number(new URL(url).port);
  await expect(emulator.startDashboard({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

it("closing the emulator ends the feed", async () => {
  const feed = events();
  await feed.next();
  await emulator.close();
  await expect(feed.next()).rejects.toThrow();
});

it("a journal keeps as many requests as it is allowed to", async () => {
  await using small = await startEmulator({ maxRecordedRequests: 2 });
  const { get: getSecurely } = await import("node:https");
  for (const path of ["/1", "/2", "/3"]) {
    const outgoing = getSecurely(small.api.url + path, { ca: small.caCertificate, agent: false });
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    await response.toArray();
  }
  expect(small.requests.map(({ path }) => path)).toEqual(["/me/2", "/me/3"]);
  await expect(startEmulator({ maxRecordedRequests: 0 })).rejects.toThrow("maxRecordedRequests");
});
