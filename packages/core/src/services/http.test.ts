import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { readFileSync } from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import net, { type Socket } from "node:net";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { type Handler, hello, type LocalServer, listen, listenPlain } from "../../test/local-server.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import type { HttpRequest } from "../contract/system-services.ts";
import { createAgents } from "./agents.ts";
import { nodePlatform } from "./http.ts";
import type { HttpSettings } from "./platform.ts";

/** Made for these tests alone: `localhost`, self-signed, valid for a hundred years. */
const fixture = (name: string) => readFileSync(new URL(`../../test/localhost-${name}.pem`, import.meta.url), "utf8");
const certificate = fixture("certificate");
const never = new AbortController().signal;

/** A transport with connections of its own. */
function createHttp(settings: HttpSettings, agents = createAgents()) {
  const platform = nodePlatform(agents);
  return { ...platform.http(settings), [Symbol.asyncDispose]: async () => platform.close() };
}

const closed = (socket: Socket | undefined) => new Promise((resolve) => socket?.once("close", resolve));

const secure = (handler: Handler) =>
  listen(https.createServer({ key: fixture("key"), cert: certificate }, handler), "https");

async function textOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString("utf8");
}

it("send sends method, headers and body, and returns status, lower-case headers and body", async () => {
  await using server = await listenPlain(async (request, response) => {
    const { method, url, headers } = request;
    const seen = { method, url, own: headers["x-own"], length: headers["content-length"], body: await textOf(request) };
    response.writeHead(401, { "X-Answer": "yes", "Set-Cookie": ["a=1", "b=2"] }).end(JSON.stringify(seen));
  });
  await using client = createHttp({ env: {} });
  const url = `${server.url}/token?a=b`;
  const answer = await client.send({ method: "POST", url, headers: { "X-Own": "1" }, body: "grüße" }, never);
  expect(answer.status).toBe(401);
  expect(answer.headers).toMatchObject({ "x-answer": "yes", "set-cookie": "a=1, b=2" });
  const seen = { method: "POST", url: "/token?a=b", own: "1", length: "7", body: "grüße" };
  expect(JSON.parse(answer.body)).toEqual(seen);
});

it("send joins a header that is repeated", async () => {
  await using server = await listenPlain((_, response) => {
    response.writeHead(401, ["WWW-Authenticate", "Basic realm=a", "WWW-Authenticate", "Bearer"]).end();
  });
  await using client = createHttp({ env: {} });
  const { headers } = await client.send({ method: "GET", url: server.url }, never);
  expect(headers["www-authenticate"]).toBe("Basic realm=a, Bearer");
});

it("send follows no redirect", async () => {
  let asked = 0;
  await using server = await listenPlain((_, response) => {
    asked++;
    response.writeHead(302, { location: "/elsewhere" }).end();
  });
  await using client = createHttp({ env: {} });
  expect(await client.send({ method: "GET", url: server.url }, never)).toMatchObject({ status: 302, body: "" });
  expect(asked).toBe(1);
});

it("send does not retry", async () => {
  let asked = 0;
  await using server = await listenPlain((_, response) => {
    asked++;
    response.writeHead(503).end();
  });
  await using client = createHttp({ env: {} });
  expect((await client.send({ method: "GET", url: server.url }, never)).status).toBe(503);
  expect(asked).toBe(1);
});

it("send accepts a response up to the limit and refuses one that is a byte longer", async () => {
  await using server = await listenPlain((_, response) => void response.end("x".repeat(1_000)));
  await using client = createHttp({ env: {} });
  const send = (maxResponseBytes: number) => client.send({ method: "GET", url: server.url, maxResponseBytes }, never);
  expect((await send(1_000)).body).toHaveLength(1_000);
  await expect(send(999)).rejects.toMatchObject({ code: "answer-too-large", outcome: "failed" });
});

it("a response is limited to a mebibyte by default", async () => {
  await using server = await listenPlain((_, response) => void response.end("x".repeat(1_048_577)));
  await using client = createHttp({ env: {} });
  await expect(client.send({ method: "GET", url: server.url }, never)).rejects.toMatchObject({
    code: "answer-too-large",
  });
});

it("a request asks for a response without compression, which nothing here decodes", async () => {
  await using server = await listenPlain((request, response) => void response.end(request.headers["accept-encoding"]));
  await using client = createHttp({ env: {} });
  expect((await client.send({ method: "GET", url: server.url }, never)).body).toBe("identity");
});

it("a request names this library, and whom it works for, unless its source does", async () => {
  await using server = await listenPlain((request, response) => void response.end(request.headers["user-agent"]));
  await using client = createHttp({ env: {}, userAgent: "orders/1.2" });
  const send = async (headers = {}) => (await client.send({ method: "GET", url: server.url, headers }, never)).body;
  expect(await send()).toBe("orders/1.2 azidentity");
  expect(await send({ "User-Agent": "own" })).toBe("own");
});

it("a response that is too long is an error with the host that sent it", async () => {
  await using server = await listenPlain((_, response) => void response.end("x".repeat(2_000)));
  await using client = createHttp({ env: {} });
  const sent = client.send({ method: "GET", url: `${server.url}/path`, maxResponseBytes: 1_000 }, never);
  await expect(sent).rejects.toThrow(`The answer of localhost:${server.port} is longer than 1000 bytes.`);
});

it("a host that switches the protocol is an error, and does not leave the caller waiting", async () => {
  const raw = net.createServer((socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\nhello");
    });
  });
  await using server = await listen(raw);
  await using client = createHttp({ env: {} });
  await expect(client.send({ method: "GET", url: server.url }, never)).rejects.toMatchObject({
    outcome: "failed",
    code: "unexpected-answer",
  });
});

const broken: readonly (readonly [string, (socket: Socket) => void])[] = [
  ["closes the connection", (socket) => void socket.end()],
  ["resets the connection", (socket) => void socket.resetAndDestroy()],
  ["breaks off in the body", (socket) => void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")],
  [
    "breaks off in a chunk",
    (socket) => void socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
  ],
  ["does not speak HTTP", (socket) => void socket.end("SSH-2.0-OpenSSH_9.9\r\n")],
];
it.each(broken)("a host that %s is unreachable, and is named without path and query", async (_, behave) => {
  await using server = await listen(net.createServer((socket) => void socket.once("data", () => behave(socket))));
  await using client = createHttp({ env: {} });
  const failed = client.send({ method: "GET", url: `${server.url}/path?c4n4ry=1` }, never);
  await expect(failed).rejects.toMatchObject({ code: "unreachable", name: "CredentialUnavailableError" });
  await expect(failed).rejects.toThrow(`localhost:${server.port}`);
  await expect(failed).rejects.not.toThrow(/c4n4ry|path/);
});

it("a port without a listener is unreachable", async () => {
  const server = await listenPlain(hello);
  await server[Symbol.asyncDispose]();
  await using client = createHttp({ env: {} });
  await expect(client.send({ method: "GET", url: server.url }, never)).rejects.toMatchObject({
    outcome: "unreachable",
  });
});

it.each([
  ["before the headers", () => undefined],
  ["in the body", (_: IncomingMessage, response: ServerResponse) => void response.write("half")],
])("an abort rejects with the reason of the signal when a host is silent %s", async (_, handler: Handler) => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using server = await listenPlain((request, response) => {
    handler(request, response);
    resolve();
  });
  await using client = createHttp({ env: {} });
  const controller = new AbortController();
  const answer = client.send({ method: "GET", url: server.url }, controller.signal);
  await asked;
  const gone = closed(server.sockets[0]);
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(answer).rejects.toBe(reason);
  await gone;
});

it("send sends nothing when the signal has ended already", async () => {
  await using server = await listenPlain(hello);
  await using client = createHttp({ env: {} });
  const reason = new Error("too late");
  await expect(client.send({ method: "GET", url: server.url }, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(server.sockets).toHaveLength(0);
});

it("send leaves no listener on the signal", async () => {
  await using server = await listenPlain(hello);
  await using client = createHttp({ env: {} });
  const { signal } = new AbortController();
  await client.send({ method: "GET", url: server.url }, signal);
  await expect(client.send({ method: "GET", url: "http://localhost:1/" }, signal)).rejects.toThrow();
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("requests share one connection, which dispose closes", async () => {
  await using server = await listenPlain(hello);
  const client = createHttp({ env: {} });
  for (let n = 0; n < 3; n++) await client.send({ method: "GET", url: server.url }, never);
  expect(server.sockets).toHaveLength(1);
  const gone = closed(server.sockets[0]);
  await client[Symbol.asyncDispose]();
  await gone;
});

it("after a kept-alive connection got no answer, the next request has a fresh one, however many were idle", async () => {
  const used = new Set<unknown>();
  await using server = await listenPlain(({ socket }, response) => {
    if (!used.has(socket)) response.end("hello"); // a connection answers once, and not again
    used.add(socket);
  });
  await using client = createHttp({ env: {} });
  const request = { method: "GET", url: server.url } as const;
  await Promise.all([client.send(request, never), client.send(request, never)]);
  const controller = new AbortController();
  const unanswered = client.send(request, controller.signal);
  await new Promise((resolve) => setImmediate(resolve)); // the request has its connection
  controller.abort(new Error("late"));
  await expect(unanswered).rejects.toThrow("late");
  expect((await client.send(request, never)).body).toBe("hello");
  expect(server.sockets).toHaveLength(3);
});

it("after a kept-alive connection was reset, the next request has a fresh one, however many were idle", async () => {
  const used = new Set<unknown>();
  await using server = await listenPlain(({ socket }, response) => {
    if (used.has(socket)) socket.destroy();
    else response.end("hello");
    used.add(socket);
  });
  await using client = createHttp({ env: {} });
  const request = { method: "GET", url: server.url } as const;
  await Promise.all([client.send(request, never), client.send(request, never)]);
  await expect(client.send(request, never)).rejects.toMatchObject({ outcome: "unreachable" });
  expect((await client.send(request, never)).body).toBe("hello");
  expect(server.sockets).toHaveLength(3);
});

it("send trusts the certificate authority of the settings", async () => {
  await using server = await secure(hello);
  await using client = createHttp({ env: {}, ca: certificate });
  expect((await client.send({ method: "GET", url: server.url }, never)).body).toBe("hello");
});

it("send refuses an untrusted certificate and says how to trust it", async () => {
  await using server = await secure(hello);
  await using client = createHttp({ env: {} });
  const failed = client.send({ method: "GET", url: server.url }, never);
  await expect(failed).rejects.toMatchObject({ code: "untrusted-certificate", outcome: "misconfigured" });
  await expect(failed).rejects.toThrow("NODE_EXTRA_CA_CERTS");
});

it("send refuses a trusted certificate of another host", async () => {
  await using server = await secure(hello);
  await using client = createHttp({ env: {}, ca: certificate });
  const url = `https://127.0.0.1:${server.port}`;
  const failed = client.send({ method: "GET", url }, never);
  await expect(failed).rejects.toMatchObject({ code: "untrusted-certificate" });
  await expect(failed).rejects.toThrow("is for another name (localhost)");
});

it("a request with roots and a server name trusts these roots alone, under that name", async () => {
  await using server = await secure(hello);
  await using client = createHttp({ env: {}, ca: certificate });
  const send = (tls: HttpRequest["tls"]) => client.send({ method: "GET", url: server.url, tls }, never);
  expect((await send({ ca: certificate, serverName: "localhost" })).body).toBe("hello");
  const untrusted = { code: "untrusted-certificate" };
  await expect(send({ ca: getCACertificates("bundled")[0] })).rejects.toMatchObject(untrusted);
  await expect(send({ ca: certificate, serverName: "vault.example" })).rejects.toMatchObject(untrusted);
});

it("a pin decides about the agent's connections, which go past every proxy and are shared by one thumbprint", async () => {
  await using server = await secure(hello);
  await using client = createHttp({ env: {}, ca: certificate, proxy: "http://127.0.0.1:1" });
  const restricted: unknown[] = [];
  const send = (thumbprint: string) => {
    const pin = { thumbprint, restrict: (agent: object) => restricted.push(agent) };
    return client.send({ method: "GET", url: server.url, tls: { pin } }, never);
  };
  for (const thumbprint of ["AA", "AA", "BB"]) expect((await send(thumbprint)).body).toBe("hello");
  expect(restricted).toHaveLength(2);
  expect(restricted[0]).not.toBe(restricted[1]);
  expect(restricted[0]).toBeInstanceOf(https.Agent);
});

it("a host without TLS is not reported as an untrusted certificate", async () => {
  await using server = await listenPlain(hello);
  await using client = createHttp({ env: {} });
  const url = server.url.replace("http:", "https:");
  await expect(client.send({ method: "GET", url }, never)).rejects.toMatchObject({ outcome: "unreachable" });
});

interface Seen {
  readonly target: string | undefined;
  readonly authorization: string | undefined;
}

/**
 * A proxy that records each target and its credentials, and connects to this machine alone.
 */
async function proxy(seen: Seen[], refuse?: string): Promise<LocalServer> {
  const note = ({ url, headers }: IncomingMessage) =>
    seen.push({ target: url, authorization: headers["proxy-authorization"] });
  const server = http.createServer((request, response) => {
    note(request);
    response.end("through the proxy");
  });
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    note(request);
    if (refuse !== undefined) return client.end(`HTTP/1.1 ${refuse}\r\n\r\n`);
    const upstream = net.connect(Number(request.url?.split(":").at(-1)), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    client.on("close", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  return listen(server);
}

it.each(["HTTPS_PROXY", "https_proxy"])("send uses the tunnel of %s, except for metadata addresses", async (name) => {
  const seen: Seen[] = [];
  await using server = await secure(hello);
  await using tunnel = await proxy(seen);
  await using client = createHttp({ env: { [name]: tunnel.url }, ca: certificate });
  const request = { method: "GET", url: server.url } as const;
  expect((await client.send(request, never)).body).toBe("hello");
  expect(seen).toEqual([{ target: `localhost:${server.port}`, authorization: undefined }]);
  expect((await client.send({ ...request, proxy: "never" }, never)).body).toBe("hello");
  expect(seen).toHaveLength(1);
});

it("send authenticates to the proxy", async () => {
  const seen: Seen[] = [];
  await using server = await secure(hello);
  await using tunnel = await proxy(seen);
  const address = tunnel.url.replace("//", "//user:p%40ss@");
  await using client = createHttp({ env: { HTTPS_PROXY: address }, ca: certificate });
  await client.send({ method: "GET", url: server.url }, never);
  expect(seen[0]?.authorization).toBe(`Basic ${Buffer.from("user:p@ss").toString("base64")}`);
});

it.each(["NO_PROXY", "no_proxy"])("send connects directly to the hosts of %s", async (name) => {
  const seen: Seen[] = [];
  await using server = await secure(hello);
  await using tunnel = await proxy(seen);
  await using client = createHttp({ env: { HTTPS_PROXY: tunnel.url, [name]: "localhost" }, ca: certificate });
  expect((await client.send({ method: "GET", url: server.url }, never)).body).toBe("hello");
  expect(seen).toEqual([]);
});

it("send sends plain HTTP through HTTP_PROXY", async () => {
  const seen: Seen[] = [];
  await using server = await listenPlain(hello);
  await using relay = await proxy(seen);
  await using client = createHttp({ env: { HTTP_PROXY: relay.url } });
  expect((await client.send({ method: "GET", url: `${server.url}/a` }, never)).body).toBe("through the proxy");
  expect(seen[0]?.target).toBe(`${server.url}/a`);
});

const refusals: readonly (readonly [string, string, string])[] = [
  ["407 Proxy Authentication Required", "proxy-authentication", "misconfigured"],
  ["403 Forbidden", "proxy-refused", "misconfigured"],
  ["502 Bad Gateway", "proxy-unreachable", "unreachable"],
];
it.each(refusals)("a proxy that answers %s is named, without its password: %s", async (status, code, outcome) => {
  const seen: Seen[] = [];
  await using tunnel = await proxy(seen, status);
  await using client = createHttp({ env: { HTTPS_PROXY: tunnel.url.replace("//", "//user:c4n4ry@") } });
  const error = await client.send({ method: "GET", url: "https://localhost:1/" }, never).catch((one: unknown) => one);
  expect(error).toMatchObject({ code, outcome });
  const { message, cause } = error as Error;
  expect(message).toMatch(new RegExp(`proxy localhost:${tunnel.port}.*HTTPS_PROXY`));
  expect(`${message} ${cause}`).not.toContain("c4n4ry");
  expect(seen).toHaveLength(1);
});

it.each(["https", "http"])("a proxy that is down is named as what does not answer, for %s", async (scheme) => {
  const down = await proxy([]);
  await down[Symbol.asyncDispose]();
  await using client = createHttp({ env: { ALL_PROXY: down.url.replace("//", "//user:c4n4ry@") } });
  const failed = client.send({ method: "GET", url: `${scheme}://localhost:1/` }, never);
  await expect(failed).rejects.toMatchObject({ code: "proxy-unreachable", outcome: "unreachable" });
  await expect(failed).rejects.toThrow(`The proxy localhost:${down.port}, which ALL_PROXY names, does not answer`);
  await expect(failed).rejects.not.toThrow("c4n4ry");
});

it("a proxy that demands a password for plain HTTP is no answer of the host", async () => {
  await using relay = await listenPlain((_, response) => void response.writeHead(407).end());
  await using client = createHttp({ env: { HTTP_PROXY: relay.url } });
  const failed = client.send({ method: "GET", url: "http://localhost:1/" }, never);
  await expect(failed).rejects.toMatchObject({ code: "proxy-authentication", outcome: "misconfigured" });
  await expect(failed).rejects.toThrow("requires a user name and password");
});

it("send never connects directly where a proxy is named that cannot be used", async () => {
  await using server = await listenPlain(hello);
  await using client = createHttp({ env: { HTTP_PROXY: "socks5://localhost:1" } });
  await expect(client.send({ method: "GET", url: server.url }, never)).rejects.toMatchObject({ code: "invalid-proxy" });
  expect(server.sockets).toEqual([]);
});

it("a proxy that this Node.js cannot use is an error, not ignored", async () => {
  await using server = await listenPlain(hello);
  await using client = createHttp(
    { env: { HTTP_PROXY: "http://localhost:1" } },
    createAgents(() => false),
  );
  const request = { method: "GET", url: server.url } as const;
  await expect(client.send(request, never)).rejects.toMatchObject({ code: "proxy-unsupported" });
  await expect(client.send(request, never)).rejects.toThrow("22.21");
  expect((await client.send({ ...request, proxy: "never" }, never)).status).toBe(200);
  await using unproxied = createHttp(
    { env: {} },
    createAgents(() => false),
  );
  expect((await unproxied.send(request, never)).status).toBe(200);
});

/**
 * Exit code and output of a program of its own; in it, `get` asks for the URL with these settings.
 */
async function inProgram(url: string, script: string, env: NodeJS.ProcessEnv = {}): Promise<unknown[]> {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    const { nodePlatform } = await import(${module("./http.ts")});
    const { markBackground } = await import(${module("../async/abort.ts")});
    const { rootCertificates } = await import("node:tls");
    const { signal } = new AbortController();
    const get = (settings) => nodePlatform().http({ env: {}, ...settings }).send({ method: "GET", url: "${url}" }, signal);
    ${script}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const output = child.stdout.toArray();
    const [exitCode] = await once(child, "exit");
    return [
      exitCode,
      Buffer.concat(await output)
        .toString()
        .trim(),
    ];
  } finally {
    child.kill("SIGKILL");
  }
}

it("send trusts the roots of Node besides the certificate authority of the settings", async () => {
  await using server = await secure(hello);
  const env = { NODE_EXTRA_CA_CERTS: fileURLToPath(new URL("../../test/localhost-certificate.pem", import.meta.url)) };
  const script = "console.log((await get({ ca: rootCertificates[0] })).body);";
  expect(await inProgram(server.url, script, env)).toEqual([0, "hello"]);
});

it("an idle connection does not keep a program alive", async () => {
  const server = http.createServer(hello);
  server.keepAliveTimeout = 0; // the connection stays open until the client goes
  await using local = await listen(server);
  expect(await inProgram(local.url, "console.log((await get()).body);")).toEqual([0, "hello"]);
});

it("a background request does not keep a program alive", async () => {
  await using silent = await listenPlain(() => undefined);
  expect(await inProgram(silent.url, 'markBackground(signal); get(); console.log("done");')).toEqual([0, "done"]);
});

it.skipIf(process.platform === "win32")(
  "a request goes over a Unix socket, whose connections no other one shares",
  async () => {
    const socketPath = join(tempFolder({}), "s");
    const server = http.createServer(
      (request, response) => void response.end(`${request.headers.host} ${request.url}`),
    );
    await once(server.listen(socketPath), "listening");
    try {
      await using client = createHttp({ env: {} });
      const request = { method: "GET", url: "http://relay.example/token", proxy: "never" } as const;
      const { body } = await client.send({ ...request, connection: { name: "socket", socketPath } }, never);
      expect(body).toBe("relay.example /token");
      const elsewhere = client.send(
        { ...request, connection: { name: "socket", socketPath: `${socketPath}2` } },
        never,
      );
      await expect(elsewhere).rejects.toMatchObject({ code: "unreachable" });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
);
