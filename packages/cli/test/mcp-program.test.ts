/**
 * `azid mcp` as an MCP client starts it: the built command, the emulator, and a server on loopback.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { request as startRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { program, runAzid } from "./run-azid.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator?.close());

/** What the protected API of the emulator says about a token. */
async function checkToken(
  authorization: string,
): Promise<{ status: number; challenge: string; body: { claims?: object } }> {
  const outgoing = startRequest(emulator.api.url, {
    ca: emulator.caCertificate,
    headers: { authorization },
    agent: false,
  });
  const [response] = await once(outgoing.end(), "response");
  const body = JSON.parse(Buffer.concat(await response.toArray()).toString("utf8"));
  return { status: response.statusCode, challenge: response.headers["www-authenticate"] ?? "", body };
}

/**
 * A server that answers with the claims of a token that the API accepts, and with the API's
 * challenge else.
 */
async function startServer() {
  const server = createServer(async (request, response) => {
    if (request.method !== "POST") return void response.writeHead(405).end();
    const { id } = JSON.parse(Buffer.concat(await request.toArray()).toString("utf8"));
    const { status, challenge, body } = await checkToken(request.headers.authorization ?? "");
    if (status !== 200) return void response.writeHead(status, { "www-authenticate": challenge }).end();
    response.writeHead(200, { "content-type": "application/json" });
    const { authorization, "x-toolset": toolset } = request.headers;
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: { ...body, toolset, authorization } }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), "close");
      server.closeAllConnections();
      await closed;
    },
  };
}

const words = (url: string) => ["mcp", url, "--scope", emulator.api.scope, "--no-config"];
const signedIn = () => ({ HOME: "/nonexistent", ...emulator.env("service-principal") });
const ping = (id: number) => `${JSON.stringify({ jsonrpc: "2.0", id, method: "ping" })}\n`;

/** A running proxy. */
function start(url: string) {
  const child = spawn(process.execPath, [program, ...words(url)], {
    env: { PATH: process.env.PATH, ...signedIn() },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, "close");
  return {
    child,
    ended,
    async ask(id: number) {
      child.stdin.write(ping(id));
      return JSON.parse((await lines.next()).value ?? "null");
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

it("a request is answered with the claims of the application's token, and the end of input ends azid", async () => {
  await using server = await startServer();
  const input = ping(1) + ping(2);
  const ended = await runAzid([...words(server.url), "--header", "X-Toolset: repos"], { env: signedIn(), input });
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  const responses = ended.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(responses.map(({ id }) => id).sort()).toEqual([1, 2]);
  const { clientId } = emulator.application;
  expect(responses[0]).toMatchObject({ result: { claims: { aud: clientId, azp: clientId }, toolset: "repos" } });
});

it("a token that was revoked is replaced by the claims challenge of the server, without a word to the client", async () => {
  await using server = await startServer();
  await using azid = start(server.url);
  const first = await azid.ask(1);
  emulator.revokeSession();
  const second = await azid.ask(2);
  expect([first, second]).toMatchObject([
    { id: 1, result: {} },
    { id: 2, result: {} },
  ]);
  expect(second.result.claims.uti).not.toBe(first.result.claims.uti);
});

it("a token that the server repeats in its answer does not reach the client, also after it was renewed", async () => {
  await using server = await startServer();
  await using azid = start(server.url);
  const first = await azid.ask(1);
  emulator.revokeSession();
  expect([first, await azid.ask(2)]).toMatchObject([
    { result: { authorization: "Bearer [redacted]" } },
    { result: { authorization: "Bearer [redacted]" } },
  ]);
});

it("a token that the server repeats as the kind of its answer is neither in the error nor on standard error", async () => {
  const server = createServer((request, response) => {
    request.resume();
    response
      .writeHead(200, { "content-type": String(request.headers.authorization).replace("Bearer ", "text/") })
      .end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const { stdout, stderr } = await runAzid(words(url), { env: signedIn(), input: ping(1) });
    for (const shown of [stdout, stderr]) {
      expect(shown).toContain("text/[redacted]");
      expect(shown).not.toContain("eyJ");
    }
  } finally {
    server.close();
  }
});

it("Ctrl-C ends azid with 130 while a client is connected", async () => {
  await using server = await startServer();
  await using azid = start(server.url);
  await azid.ask(1);
  azid.child.kill("SIGINT");
  expect(await azid.ended).toEqual([130, null]);
});

it("a client that is gone ends azid", async () => {
  await using server = await startServer();
  await using azid = start(server.url);
  await azid.ask(1);
  azid.child.stdout.destroy();
  azid.child.stdin.end(ping(2));
  expect(await azid.ended).toEqual([0, null]);
});

it("an identity without a token is the error of the request, in words and with a remedy", async () => {
  await using server = await startServer();
  const env = { ...signedIn(), AZURE_CLIENT_SECRET: "c4n4ry-wrong" };
  const { code, stdout, stderr } = await runAzid(words(server.url), { env, input: ping(1) });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    id: 1,
    error: { code: -32_000, message: expect.stringContaining("AADSTS7000215"), data: { remedy: expect.any(String) } },
  });
  expect(stdout + stderr).not.toContain("c4n4ry");
});

it("HTTPS_PROXY and NODE_EXTRA_CA_CERTS hold for the server as well", async () => {
  const proxy = await emulator.startProxy();
  const env = { ...signedIn(), HTTPS_PROXY: proxy.url, NO_PROXY: "localhost" };
  const vault = ["mcp", "https://contoso.vault.azure.net/mcp", "--scope", "https://vault.azure.net", "--no-config"];
  const { stdout } = await runAzid(vault, { env, input: ping(1) });
  // a vault is no MCP server, but it is reached through the proxy alone
  expect(JSON.parse(stdout)).toMatchObject({ id: 1, error: { data: { code: "mcp-refused" } } });
  expect(proxy.requests).toMatchObject([{ method: "CONNECT", target: "contoso.vault.azure.net:443", status: 200 }]);
});

it("the proxy and the authorities of the config hold for the server as well, the proxy not for one of this machine", async () => {
  const proxy = await emulator.startProxy();
  const folder = mkdtempSync(join(tmpdir(), "azid-mcp-"));
  try {
    const http = { proxy: proxy.url, caFile: emulator.caCertificateFile };
    writeFileSync(join(folder, "azidentity.config.json"), JSON.stringify({ http }), { mode: 0o600 });
    const env = { ...signedIn(), HOME: folder, NO_PROXY: "localhost", NODE_EXTRA_CA_CERTS: "" };
    const azid = (url: string, scope: string) =>
      runAzid(["mcp", url, "--scope", scope], { env, cwd: folder, input: ping(1) });
    expect(await runAzid(["trust", "--yes"], { env, cwd: folder })).toMatchObject({ code: 0 });
    const { stdout } = await azid("https://contoso.vault.azure.net/mcp", "https://vault.azure.net");
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, error: { data: { code: "mcp-refused" } } });
    expect(proxy.requests).toMatchObject([{ method: "CONNECT", target: "contoso.vault.azure.net:443", status: 200 }]);
    await using server = await startServer();
    expect(JSON.parse((await azid(server.url, emulator.api.scope)).stdout)).toMatchObject({ id: 1, result: {} });
    expect(proxy.requests).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it.each([
  ["an address without encryption", ["http://mcp.contoso.com/mcp"], "not encrypted"],
  ["no URL", ["mcp.contoso.com"], "is not a URL"],
  ["an own Authorization header", ["http://127.0.0.1:1/", "--header", "Authorization: x"], "Authorization"],
])("%s is refused before anything is sent", async (_, args, problem) => {
  const { code, stdout, stderr } = await runAzid(["mcp", ...args, "--scope", "api://x/.default", "--no-config"], {
    input: ping(1),
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(problem);
});

it("no scope is a wrong command line", async () => {
  const { code, stderr } = await runAzid(["mcp", "https://mcp.contoso.com/mcp"]);
  expect(code).toBe(2);
  expect(stderr).toContain("--scope");
});
