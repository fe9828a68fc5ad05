import { Agent, get, type IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { listenOnLoopback } from "./listen.ts";

it("a listener ends no idle connection, and announces no time after which it would", async () => {
  const listener = await listenOnLoopback(undefined, (_, response) => response.end());
  const agent = new Agent({ keepAlive: true });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ agent, host: "127.0.0.1", port: listener.port }, resolve).once("error", reject);
  });
  response.resume();
  agent.destroy();
  await listener.close();
  expect(response.headers.connection).toBe("keep-alive");
  expect(response.headers["keep-alive"]).toBeUndefined();
});
