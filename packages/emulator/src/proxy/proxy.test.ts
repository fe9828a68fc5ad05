import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { request as secureRequest } from "node:https";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../emulator.ts";
import type { ConnectProxy } from "./proxy.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

async function connect(proxy: ConnectProxy, target: string, headers = {}): Promise<{ status: number; socket: Socket }> {
  const asked = request(proxy.url, { method: "CONNECT", path: target, headers, agent: false }).end();
  const [message, socket] = (await once(asked, "connect")) as [IncomingMessage, Socket];
  return { status: message.statusCode ?? 0, socket };
}

/** Requests the signing keys under Microsoft's host name. */
async function getKeys(proxy: ConnectProxy, host: string, ca: string): Promise<unknown> {
  const { socket } = await connect(proxy, `${host}:443`);
  const path = `/${emulator.tenantId}/discovery/v2.0/keys`;
  const asked = secureRequest({ host, path, ca, socket, agent: false, servername: host } as object).end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return JSON.parse(await text(response));
}

it.each(["login.microsoftonline.com", "westeurope.login.microsoft.com", "login.microsoftonline.us"])(
  "a proxy connects %s to the emulator",
  async (host) => {
    const proxy = await emulator.startProxy();
    expect(await getKeys(proxy, host, emulator.caCertificate)).toHaveProperty("keys");
    expect(proxy.requests).toEqual([{ method: "CONNECT", target: `${host}:443`, status: 200, at: expect.any(Number) }]);
    expect(emulator.requests.at(-1)?.url).toContain(`https://${host}/`);
  },
);

it("a proxy connects to servers on loopback, and to nothing else", async () => {
  const proxy = await emulator.startProxy();
  const { host } = new URL(emulator.authorityHost);
  for (const [target, expected] of [
    [host, 200],
    [host.replace("localhost", "127.0.0.1"), 200],
    ["example.com:443", 403],
    ["10.0.0.1:443", 403],
    ["login.microsoftonline.com.example.com:443", 403],
  ] as const) {
    const { status, socket } = await connect(proxy, target);
    socket.destroy();
    expect([target, status]).toEqual([target, expected]);
  }
});

it("a proxy refuses requests without TLS", async () => {
  const proxy = await emulator.startProxy();
  const asked = request(proxy.url, { path: "http://169.254.169.254/metadata/identity/oauth2/token" }).end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(403);
  expect(proxy.requests.map(({ target }) => target)).toEqual(["http://169.254.169.254/metadata/identity/oauth2/token"]);
});

it("a proxy requires the password of the options, and does not record it", async () => {
  const proxy = await emulator.startProxy({ credentials: { username: "jo@contoso", password: "Canary-5ecret" } });
  const basic = (text: string) => ({ "proxy-authorization": `Basic ${Buffer.from(text).toString("base64")}` });
  const statuses: number[] = [];
  for (const headers of [{}, basic("jo@contoso:wrong"), basic("jo@contoso:Canary-5ecret")]) {
    const { status, socket } = await connect(proxy, "login.microsoftonline.com:443", headers);
    socket.destroy();
    statuses.push(status);
  }
  expect(statuses).toEqual([407, 407, 200]);
  expect(JSON.stringify(proxy.requests)).not.toContain("5ecret");
  expect(proxy.env().HTTPS_PROXY).toBe(proxy.url.replace("//", "//jo%40contoso:Canary-5ecret@"));
});

it("a proxy closes with the emulator, and ends open tunnels", async () => {
  const short = await startEmulator();
  const proxy = await short.startProxy({ inspectTls: true });
  const { socket } = await connect(proxy, "login.microsoftonline.com:443");
  const ended = once(socket.resume(), "close");
  await short.close();
  await ended;
});

it("a proxy that inspects TLS is trusted only through its own authority", async () => {
  const proxy = await emulator.startProxy({ inspectTls: true });
  const host = "login.microsoftonline.com";
  expect(await getKeys(proxy, host, proxy.caCertificate ?? "")).toHaveProperty("keys");
  await expect(getKeys(proxy, host, emulator.caCertificate)).rejects.toThrow(/certificate/);
});
