import type { IncomingMessage, ServerResponse } from "node:http";
import net, { type Socket } from "node:net";
import { expect, it } from "vitest";
import { type Handler, hello, listen, listenPlain } from "../../test/local-server.ts";
import type { HttpRequest } from "../contract/system-services.ts";
import { createFetchHttp } from "./fetch-http.ts";
import type { HttpSettings } from "./platform.ts";

const never = new AbortController().signal;

const send = (request: Partial<HttpRequest> & { url: string }, settings: Partial<HttpSettings> = {}, signal = never) =>
  createFetchHttp({ env: {}, ...settings }).send({ method: "GET", ...request }, signal);

it("fetch sends method, headers and body, and returns status, lower-case headers and body", async () => {
  await using server = await listenPlain(async (request, response) => {
    const { method, url, headers } = request;
    const body = Buffer.concat(await request.toArray()).toString("utf8");
    const seen = { method, url, own: headers["x-own"], agent: headers["user-agent"], body };
    response.writeHead(401, { "X-Answer": "yes", "Set-Cookie": ["a=1", "b=2"] }).end(JSON.stringify(seen));
  });
  const request = { method: "POST", url: `${server.url}/token?a=b`, headers: { "X-Own": "1" }, body: "grüße" } as const;
  const answer = await send(request, { userAgent: "orders/1.2" });
  expect(answer.status).toBe(401);
  expect(answer.headers).toMatchObject({ "x-answer": "yes", "set-cookie": "a=1, b=2" });
  const seen = { method: "POST", url: "/token?a=b", own: "1", agent: "orders/1.2 azidentity", body: "grüße" };
  expect(JSON.parse(answer.body)).toEqual(seen);
});

it("fetch sends the user agent of a request in place of the usual one, however its name is written", async () => {
  await using server = await listenPlain(({ headers }, response) => void response.end(headers["user-agent"]));
  expect((await send({ url: server.url, headers: { "User-Agent": "orders/1.2" } })).body).toBe("orders/1.2");
});

it("fetch follows no redirect and repeats no request", async () => {
  let asked = 0;
  await using server = await listenPlain((request, response) => {
    asked++;
    response.writeHead(request.url === "/" ? 302 : 503, { location: "/elsewhere" }).end();
  });
  expect(await send({ url: server.url })).toMatchObject({ status: 302, body: "", headers: { location: "/elsewhere" } });
  expect((await send({ url: `${server.url}/busy` })).status).toBe(503);
  expect(asked).toBe(2);
});

it("fetch accepts an answer up to the limit and refuses one that is a byte longer", async () => {
  await using server = await listenPlain((_, response) => void response.end("x".repeat(1_000)));
  expect((await send({ url: server.url, maxResponseBytes: 1_000 })).body).toHaveLength(1_000);
  const refused = send({ url: server.url, maxResponseBytes: 999 });
  await expect(refused).rejects.toMatchObject({ code: "answer-too-large", outcome: "failed" });
  await expect(refused).rejects.toThrow(`The answer of localhost:${server.port} is longer than 999 bytes.`);
});

it("fetch decodes characters whose bytes come in two parts", async () => {
  await using server = await listenPlain((_, response) => {
    response.write(Buffer.from([0xc3]));
    response.end(Buffer.from([0xbc]));
  });
  expect((await send({ url: server.url })).body).toBe("ü");
});

const broken: readonly (readonly [string, (socket: Socket) => void])[] = [
  ["closes the connection", (socket) => void socket.end()],
  ["resets the connection", (socket) => void socket.resetAndDestroy()],
  ["breaks off in the body", (socket) => void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")],
  ["does not speak HTTP", (socket) => void socket.end("SSH-2.0-OpenSSH_9.9\r\n")],
];
it.each(broken)("a host that %s is unreachable by fetch, and is named without path and query", async (_, behave) => {
  await using server = await listen(net.createServer((socket) => void socket.once("data", () => behave(socket))));
  const failed = send({ url: `${server.url}/path?c4n4ry=1` });
  await expect(failed).rejects.toMatchObject({ code: "unreachable", name: "CredentialUnavailableError" });
  await expect(failed).rejects.toThrow(`localhost:${server.port}`);
  await expect(failed).rejects.not.toThrow(/c4n4ry|path/);
});

it.each([
  ["before the headers", () => undefined],
  ["in the body", (_: IncomingMessage, response: ServerResponse) => void response.write("half")],
])("an abort ends fetch with the reason of the signal when a host is silent %s", async (_, handler: Handler) => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using server = await listenPlain((request, response) => {
    handler(request, response);
    resolve();
  });
  const controller = new AbortController();
  const answer = send({ url: server.url }, {}, controller.signal);
  await asked;
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(answer).rejects.toBe(reason);
});

it("fetch sends nothing when the signal has ended already", async () => {
  await using server = await listenPlain(hello);
  const reason = new Error("too late");
  await expect(send({ url: server.url }, {}, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(server.sockets).toHaveLength(0);
});

const beyondFetch: readonly (readonly [string, Partial<HttpRequest>, Partial<HttpSettings>])[] = [
  ["a pinned certificate", { tls: { pin: { thumbprint: "AA", restrict: () => undefined } } }, {}],
  ["own roots", { tls: { ca: "PEM" } }, {}],
  ["a server name", { tls: { serverName: "vault.example" } }, {}],
  ["a socket", { connection: { name: "s", socketPath: "/run/s" } }, {}],
  ["http.caFile", {}, { ca: "PEM" }],
];
it.each(beyondFetch)(
  "a request with %s is refused where fetch sends, and not sent without",
  async (_, more, settings) => {
    await using server = await listenPlain(hello);
    const refused = send({ url: server.url, ...more }, settings);
    await expect(refused).rejects.toMatchObject({ code: "transport-unsupported", name: "ConfigurationError" });
    expect(server.sockets).toHaveLength(0);
  },
);

it("a proxy is refused where fetch sends, except for requests that go past it", async () => {
  await using server = await listenPlain(hello);
  const env = { HTTP_PROXY: "http://user:s3cret@proxy.example" };
  const refused = send({ url: server.url }, { env });
  await expect(refused).rejects.toMatchObject({ code: "proxy-unsupported" });
  await expect(refused).rejects.toThrow(/^HTTP_PROXY .*`http: \{ proxy: false \}`/);
  await expect(refused).rejects.not.toThrow("s3cret");
  expect((await send({ url: server.url, proxy: "never" }, { env })).body).toBe("hello");
  expect((await send({ url: server.url }, { env, proxy: false })).body).toBe("hello");
});
