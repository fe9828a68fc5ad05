/** Clients that hold connections, send too much, or go away. */
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { key, type OpenedRelay, openRelay, type RelayOfTest } from "../../test/serve/open-relay.ts";
import { ask, managedIdentity, sendRaw } from "../../test/serve/relay-client.ts";
import { listen } from "./listen.ts";
import { followOwnConnections } from "./own-connections.ts";

const opened: OpenedRelay[] = [];
afterEach(() => Promise.all(opened.splice(0).map((relay) => relay[Symbol.asyncDispose]())));

async function open(settings?: RelayOfTest): Promise<OpenedRelay> {
  const relay = await openRelay(settings);
  opened.push(relay);
  return relay;
}

/** Limits that end within a test. */
const short = { headersTimeoutMs: 30, requestTimeoutMs: 60, keepAliveTimeoutMs: 30, checkIntervalMs: 10 };

const expectItAnswers = async ({ port }: OpenedRelay) =>
  expect((await ask(port, managedIdentity(key))).status).toBe(200);

it("headers that never end are answered with 408, and the connection is closed", async () => {
  const relay = await open({ limits: short });
  expect(await sendRaw(relay.port, "GET /msi/token HTTP/1.1\r\nHost: localhost\r\nX-A: ")).toMatch(
    /^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*\r\n\r\n\{"version":1,"error":\{"code":"invalid-request"/,
  );
  await expectItAnswers(relay);
});

it("a body that never ends is answered with 408, and the connection is closed", async () => {
  const relay = await open({ limits: short });
  const head = `POST /token HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`;
  expect(await sendRaw(relay.port, `${head}Content-Length: 100\r\n\r\n{`)).toMatch(/^HTTP\/1\.1 408 /);
  await expectItAnswers(relay);
});

it("a connection that sends nothing is closed", async () => {
  const relay = await open({ limits: short });
  expect(await sendRaw(relay.port, "")).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  await expectItAnswers(relay);
});

it("a connection that is idle after its answer is closed", async () => {
  const { port } = await open({ limits: short });
  const text = `GET /msi/token HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  expect(await sendRaw(port, text)).toMatch(/^HTTP\/1\.1 401 [\s\S]*\}$/);
});

it.each([
  [
    "headers of 1 MB",
    `GET /msi/token HTTP/1.1\r\nHost: localhost\r\nX-A: ${"x".repeat(1_000_000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 /,
  ],
  ["a path of 1 MB", `GET /${"x".repeat(1_000_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /^HTTP\/1\.1 431 /],
  ["what is not HTTP", "\u0016\u0003\u0001\u0002 hello TLS\r\n\r\n", /^HTTP\/1\.1 400 /],
  ["a header with a control character", "GET / HTTP/1.1\r\nHost: local\u0000host\r\n\r\n", /^HTTP\/1\.1 400 /],
  [
    "two lengths",
    "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    /^HTTP\/1\.1 400 /,
  ],
  ["a tunnel", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n", /^$/],
])("%s is refused, and the connection is closed", async (_, text, expected) => {
  const relay = await open();
  const received = await sendRaw(relay.port, text);
  if (received !== "") expect(received).toMatch(expected); // a reset can overtake the answer
  await expectItAnswers(relay);
});

it("the request for a token ends when its only client hangs up", async () => {
  const aborted = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  let waits = true;
  const relay = await open({
    getToken({ signal }) {
      if (!waits) return Promise.resolve("the-token");
      started.resolve();
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          aborted.resolve();
          reject(signal.reason);
        });
      });
    },
  });
  const asked = managedIdentity(key);
  const client = httpRequest({
    port: relay.port,
    host: "127.0.0.1",
    agent: false,
    path: asked.path,
    headers: { "X-IDENTITY-HEADER": key },
  });
  client.on("error", () => undefined).end();
  await started.promise;
  client.destroy();
  await aborted.promise;
  waits = false;
  await expectItAnswers(relay);
  expect([relay.defects, relay.events.map(({ outcome }) => outcome)]).toEqual([[], ["token"]]);
});

it("a connection above the limit closes the one that has waited longest: silent ones keep no client out", async () => {
  const relay = await open({ limits: { maxConnections: 3 } });
  const sockets: Socket[] = [];
  try {
    for (let count = 0; count < 3; count++) {
      const socket = connect(relay.port, "127.0.0.1").on("error", () => undefined);
      sockets.push(socket);
      await once(socket, "connect");
      socket.write("GET ");
    }
    const [first, ...others] = sockets as [Socket, ...Socket[]];
    const closed = once(first.resume(), "close");
    await expectItAnswers(relay);
    await closed;
    expect(others.map(({ closed }) => closed)).toEqual([false, false]);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

it("a connection above the limit is closed itself while all others wait for their answer", async () => {
  const release = Promise.withResolvers<string>();
  const started = Promise.withResolvers<void>();
  const relay = await open({
    limits: { maxConnections: 1 },
    getToken() {
      started.resolve();
      return release.promise;
    },
  });
  const waiting = ask(relay.port, managedIdentity(key));
  await started.promise;
  expect((await ask(relay.port, managedIdentity(key))).status).toBe(0);
  release.resolve("the-token");
  expect((await waiting).status).toBe(200);
});

it("closing the relay closes every connection, also of those that wait for a token", async () => {
  const started = Promise.withResolvers<void>();
  const relay = await openRelay({
    getToken: () => {
      started.resolve();
      return new Promise(() => undefined);
    },
  });
  const waiting = ask(relay.port, managedIdentity(key));
  const idle = sendRaw(relay.port, "");
  await started.promise;
  await relay[Symbol.asyncDispose]();
  expect([(await waiting).status, await idle]).toEqual([0, ""]);
  expect((await ask(relay.port, managedIdentity(key))).status).toBe(0);
});

it("a second relay on the port of another one is refused with a remedy", async () => {
  const { port } = await open();
  await expect(listen({ port }, () => undefined)).rejects.toMatchObject({
    code: "port-in-use",
    message: `Another program listens at 127.0.0.1:${port}.`,
    remedy: expect.stringContaining("--port"),
  });
});

it("a port that is only in use at ::1 is in use, because localhost may lead there", async (context) => {
  const other = createServer().listen(0, "::1");
  try {
    const failed = await Promise.race([once(other, "listening"), once(other, "error")]).then(([error]) => error);
    if (failed !== undefined) context.skip("the machine has no IPv6");
    const { port } = other.address() as AddressInfo;
    await expect(listen({ port }, () => undefined)).rejects.toMatchObject({ code: "port-in-use" });
    expect(await isFree(port)).toBe(true); // what was opened before is closed again
  } finally {
    other.close();
  }
});

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    return true;
  } finally {
    server.close();
  }
}

it("an address that the machine does not have is refused with a remedy", async () => {
  await expect(listen({ port: 0, others: ["192.0.2.7"] }, () => undefined)).rejects.toMatchObject({
    code: "address-unavailable",
    message: "This machine has no address 192.0.2.7.",
  });
});

it("connections that this process opens are recognized at their other end, and no others", async () => {
  const own = followOwnConnections();
  const seen: boolean[] = [];
  const server = createServer(({ socket }, response) => {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    const other = { remoteAddress, remotePort, localAddress, localPort: Number(localPort) + 1 } as Socket;
    seen.push(own.has(socket), own.has(other), own.has({} as Socket));
    response.end();
  });
  try {
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    await sendRaw(port, "GET / HTTP/1.0\r\n\r\n");
    own.close();
    await sendRaw(port, "GET / HTTP/1.0\r\n\r\n");
  } finally {
    own.close();
    server.close();
  }
  expect(seen).toEqual([true, false, false, false, false, false]);
});

it("a connection that has ended is forgotten: its port may be another program's next", async () => {
  const own = followOwnConnections();
  const accepted: Socket[] = [];
  const server = createServer((_, response) => void response.end());
  server.on("connection", (socket) => {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    accepted.push({ remoteAddress, remotePort, localAddress, localPort } as Socket);
  });
  try {
    await once(server.listen(0, "127.0.0.1"), "listening");
    await sendRaw((server.address() as AddressInfo).port, "GET / HTTP/1.0\r\n\r\n");
    expect(accepted.map(own.has)).toEqual([false]);
  } finally {
    own.close();
    server.close();
  }
});
