import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { lookupAllowed } from "./allowed-addresses.ts";
import { createHttp } from "./http.ts";

const never = new AbortController().signal;
const all = () => true;
const none = () => false;

/** A server on a free port of 127.0.0.1, or on a socket, that counts its requests. */
async function listen(socketPath?: string) {
  let requests = 0;
  const server = http.createServer((request, response) => {
    requests++;
    response.end(`${request.headers.host} ${request.url}`);
  });
  await once(socketPath === undefined ? server.listen(0, "127.0.0.1") : server.listen(socketPath), "listening");
  return {
    port: Number(Object(server.address()).port) as AddressInfo["port"],
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      const gone = once(server.close(), "close");
      server.closeAllConnections();
      await gone;
    },
  };
}

describe("allowAddress", () => {
  it.each(["127.0.0.1", "localhost"])("a request to %s is sent when its address is allowed", async (host) => {
    await using server = await listen();
    await using client = createHttp({ env: {} });
    const asked: string[] = [];
    const allowAddress = (address: string) => asked.push(address) > 0;
    const answer = await client.send({ method: "GET", url: `http://${host}:${server.port}/a`, allowAddress }, never);
    expect(answer.body).toBe(`${host}:${server.port} /a`);
    expect(asked).toContain("127.0.0.1");
  });

  it.each(["127.0.0.1", "localhost", "2130706433"])("nothing is sent to %s when it is not allowed", async (host) => {
    await using server = await listen();
    await using client = createHttp({ env: {} });
    const sending = client.send({ method: "GET", url: `http://${host}:${server.port}`, allowAddress: none }, never);
    await expect(sending).rejects.toMatchObject({ code: "unexpected-address", outcome: "misconfigured" });
    expect(server.requests()).toBe(0);
  });

  it("a connection that another rule has allowed is not used for a request with a stricter one", async () => {
    await using server = await listen();
    await using client = createHttp({ env: {} });
    const request = { method: "GET", url: `http://localhost:${server.port}` } as const;
    await client.send(request, never);
    await client.send({ ...request, allowAddress: all }, never);
    await expect(client.send({ ...request, allowAddress: none }, never)).rejects.toMatchObject({
      code: "unexpected-address",
    });
    expect(server.requests()).toBe(2);
  });

  it("an address of IPv6 is asked about without brackets", async () => {
    await using client = createHttp({ env: {} });
    const asked: string[] = [];
    const allowAddress = (address: string) => asked.push(address) < 0;
    await expect(client.send({ method: "GET", url: "http://[::ffff:1.2.3.4]/", allowAddress }, never)).rejects.toThrow(
      "::ffff:102:304",
    );
    expect(asked).toEqual(["::ffff:102:304"]);
  });

  it("such a request goes past every proxy", async () => {
    await using server = await listen();
    await using client = createHttp({ env: { HTTP_PROXY: "http://127.0.0.1:9" } });
    const answer = await client.send(
      { method: "GET", url: `http://127.0.0.1:${server.port}/b`, allowAddress: all },
      never,
    );
    expect(answer.body).toContain("/b");
  });

  it("a lookup that wants one address gets an allowed one, and an unknown name is the system's error", async () => {
    const first = await new Promise((resolve) => {
      lookupAllowed(all)("localhost", {}, (error, address, family) => resolve([error, address, family]));
    });
    expect(first).toEqual([null, expect.stringMatching(/^(127\.0\.0\.1|::1)$/), expect.any(Number)]);
    const unknown = await new Promise((resolve) => lookupAllowed(all)("a b", {}, resolve));
    expect(unknown).toMatchObject({ syscall: "getaddrinfo" });
  });
});

it.skipIf(process.platform === "win32")("a request goes over a Unix socket, past every proxy", async () => {
  const socketPath = join(tempFolder({}), "s");
  await using server = await listen(socketPath);
  await using client = createHttp({ env: { HTTP_PROXY: "http://127.0.0.1:9" } });
  const answer = await client.send({ method: "GET", url: "http://relay/token", socketPath }, never);
  expect(answer.body).toBe("relay /token");
  expect(server.requests()).toBe(1);
});
