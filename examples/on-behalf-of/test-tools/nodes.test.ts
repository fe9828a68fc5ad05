/**
 * Ten processes of a web API with one Redis, real Entra requests, and a session that is revoked.
 */
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { startEmulator } from "@azidentity/emulator";
import { expect, it } from "vitest";
import type { TokenCall } from "./node.ts";
import { startRedis } from "./redis.ts";

it("ten nodes send one token request, and after a challenge no node serves the refused token", {
  timeout: 120_000,
}, async () => {
  await using emulator = await startEmulator();
  await using redis = await startRedis();
  await using stack = new AsyncDisposableStack();
  const key = randomBytes(32).toString("base64");
  const env = { ...emulator.env(), NO_PROXY: "localhost,127.0.0.1", REDIS_URL: redis.url, AZIDENTITY_CACHE_KEY: key };
  const startNode = () => {
    const started = fork(join(import.meta.dirname, "node.ts"), { env });
    return stack.adopt(started, (node) => void node.kill("SIGKILL"));
  };
  const getToken = async (node: ChildProcess, request: TokenCall): Promise<string> => {
    node.send(request);
    const [{ token, error }] = await once(node, "message");
    expect(error).toBeUndefined();
    return token;
  };
  const requests = () => emulator.requests.to("/oauth2/v2.0/token").length;
  const caller = await emulator.issueUserToken({ username: "ann@contoso.example" });
  const start = () => Array.from({ length: 10 }, startNode);
  emulator.requests.clear();

  const nodes = start();
  const [refused, ...others] = await Promise.all(nodes.map((node) => getToken(node, { caller })));
  expect(new Set(others)).toEqual(new Set([refused]));
  expect(requests()).toBe(1);

  await redis.listeners(10);
  const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: "1" } } });
  const [challenged, ...rest] = nodes as [ChildProcess, ...ChildProcess[]];
  const renewed = await getToken(challenged, { caller, claims });
  expect(renewed).not.toBe(refused);
  expect(requests()).toBe(2);

  const newcomers = start();
  for (const node of [...rest, ...newcomers]) expect(await getToken(node, { caller })).toBe(renewed);
  expect(requests()).toBe(2);
});
