import { expect, it } from "vitest";
import {
  answerError,
  answerJson,
  event,
  eventStream,
  type Handler,
  maxMessageBytes,
  startWorld,
} from "./support/mcp-world.ts";

const echo: Handler = ({ message }, response) => answerJson(response, message.id, { method: message.method });
const modern = { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } };
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};

it("a request goes to the server with the token, and its response to the client", async () => {
  await using world = await startWorld(echo);
  world.say({ id: 1, method: "ping" });
  expect(await world.next()).toEqual({ jsonrpc: "2.0", id: 1, result: { method: "ping" } });
  expect(world.received[0]?.headers).toMatchObject({
    authorization: "Bearer token-1",
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
  });
});

it("numbers that JavaScript rounds reach the server, and come back, as they are", async () => {
  const response = '{"jsonrpc":"2.0","id":1,"result":{"n":9007199254740993}}';
  await using world = await startWorld((_, out) => {
    out.writeHead(200, { "content-type": "application/json" }).end(`${response}\n`);
  });
  const request = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"n":9007199254740993}}';
  world.line(request);
  expect(await world.nextLine()).toBe(response);
  expect(world.received[0]?.text).toBe(request);
});

it("messages of a stream come in their order, the response last", async () => {
  await using world = await startWorld(({ message }, response) => {
    response.writeHead(200, eventStream);
    response.write(event({ method: "notifications/progress", params: { progress: 1 } }));
    response.end(event({ id: message.id, result: {} }));
  });
  world.say({ id: "a", method: "tools/call" });
  expect(await world.next()).toMatchObject({ method: "notifications/progress" });
  expect(await world.next()).toMatchObject({ id: "a", result: {} });
});

it("a request waits until the server has taken the notification before it", async () => {
  const order: (string | undefined)[] = [];
  await using world = await startWorld(({ method, message }, response) => {
    if (method === "GET") return void response.writeHead(405).end();
    if (message.method !== "notifications/initialized") {
      order.push(message.method);
      return answerJson(response, message.id);
    }
    setImmediate(() => {
      order.push(message.method);
      response.writeHead(202).end();
    });
  });
  world.say({ method: "notifications/initialized" });
  world.say({ id: 2, method: "tools/list" });
  await world.next();
  expect(order).toEqual(["notifications/initialized", "tools/list"]);
});

it("a server that never accepts a notification keeps back no request for longer than a moment", async () => {
  await using world = await startWorld(({ message }, response) => {
    if (message.id !== undefined) answerJson(response, message.id);
  });
  world.say({ method: "notifications/initialized" });
  world.say({ id: 1, method: "ping" });
  await until(() => world.received.length === 1);
  world.endWaits();
  expect(await world.next()).toMatchObject({ id: 1, result: {} });
});

it("a response that never comes does not keep azid when the client has closed its end", async () => {
  await using world = await startWorld(() => undefined);
  world.say({ id: 1, method: "ping" });
  await until(() => world.received.length === 1);
  const ended = world.end();
  await new Promise((resolve) => setImmediate(resolve));
  world.endWaits();
  await ended;
});

it("requests of a session name it, and the revision that was negotiated", async () => {
  await using world = await startWorld(({ method, message }, response) => {
    if (method === "GET") return void response.writeHead(405).end();
    const result = message.method === "initialize" ? { protocolVersion: "2025-11-25" } : {};
    answerJson(response, message.id, result, { "mcp-session-id": "s-1" });
  });
  world.say({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25" } });
  await world.next();
  world.say({ id: 2, method: "tools/list" });
  await world.next();
  await world.end();
  const [first, second, last] = world.received;
  expect(first?.headers["mcp-session-id"]).toBeUndefined();
  expect(second?.headers).toMatchObject({ "mcp-session-id": "s-1", "mcp-protocol-version": "2025-11-25" });
  expect(last).toMatchObject({
    method: "DELETE",
    headers: { "mcp-session-id": "s-1", authorization: "Bearer token-1" },
  });
});

it("a request of revision 2026-07-28 has its headers, and no session", async () => {
  await using world = await startWorld(({ message }, response) =>
    answerJson(response, message.id, {}, { "mcp-session-id": "s" }),
  );
  world.say({ id: 1, method: "tools/call", params: { name: "日本", ...modern } });
  await world.next();
  world.say({ id: 2, method: "resources/read", params: { uri: "file:///a", ...modern } });
  await world.next();
  expect(world.received[0]?.headers).toMatchObject({
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": "=?base64?5pel5pys?=",
  });
  expect(world.received[1]?.headers).toMatchObject({ "mcp-method": "resources/read", "mcp-name": "file:///a" });
  expect(world.received[1]?.headers["mcp-session-id"]).toBeUndefined();
});

it("parameters that a server wants in headers are learned from it when it refuses a call", async () => {
  const schema = { type: "object", properties: { region: { type: "string", "x-mcp-header": "Region" } } };
  await using world = await startWorld(({ message, headers }, response) => {
    if (message.method === "tools/list")
      return answerJson(response, message.id, { tools: [{ name: "q", inputSchema: schema }] });
    if (headers["mcp-param-region"] === "eu") return answerJson(response, message.id, { done: true });
    answerError(response, 400, { code: -32_020, message: "Header mismatch" }, message.id);
  });
  world.say({ id: 1, method: "tools/call", params: { name: "q", arguments: { region: "eu" }, ...modern } });
  expect(await world.next()).toMatchObject({ id: 1, result: { done: true } });
  world.say({ id: 2, method: "tools/call", params: { name: "q", arguments: { region: "us" }, ...modern } });
  expect(await world.next()).toMatchObject({ id: 2, error: { code: -32_020 } });
});

it("a claims challenge is answered with a new token, once", async () => {
  const claims = { access_token: { nbf: { essential: true, value: "1" } } };
  const encoded = Buffer.from(JSON.stringify(claims)).toString("base64");
  let current = "token-1";
  await using world = await startWorld(
    ({ message, headers }, response) => {
      if (headers.authorization === "Bearer token-2") return answerJson(response, message.id);
      response.writeHead(401, { "www-authenticate": `Bearer error="insufficient_claims", claims="${encoded}"` }).end();
    },
    async (options) => {
      if (options.claims !== undefined) current = "token-2";
      return current;
    },
  );
  world.say({ id: 1, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 1, result: {} });
  expect(world.tokenRequests).toEqual([undefined, undefined, JSON.stringify(claims)]);
  world.say({ id: 2, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 2, result: {} });
  expect(world.received).toHaveLength(3);
});

it("a server that refuses every token is asked twice, and the error says what to do", async () => {
  const claims = Buffer.from("{}").toString("base64");
  await using world = await startWorld((_, response) => {
    response.writeHead(401, { "www-authenticate": `Bearer claims="${claims}"` }).end();
  });
  world.say({ id: 1, method: "ping" });
  const { error } = await world.next();
  expect(error).toMatchObject({ data: { code: "mcp-unauthorized", remedy: expect.stringContaining("azid whoami") } });
  expect(world.received).toHaveLength(2);
});

const invalid = { "www-authenticate": 'Bearer error="invalid_token"' };

it("a token that the server calls invalid is replaced, and so is its replacement when that was valid for a time", async () => {
  let [current, valid] = [1, 2];
  await using world = await startWorld(
    ({ message, headers }, response) => {
      if (headers.authorization === `Bearer token-${valid}`) answerJson(response, message.id);
      else response.writeHead(401, invalid).end();
    },
    async ({ claims }) => `token-${claims === undefined ? current : ++current}`,
  );
  world.say({ id: 1, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 1, result: {} });
  valid = 3;
  world.say({ id: 2, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 2, result: {} });
  expect(world.tokenRequests).toEqual([undefined, undefined, "{}", undefined, undefined, "{}"]);
});

it("a server that calls every token invalid does not cause a request for a token each time", async () => {
  let current = 1;
  await using world = await startWorld(
    (_, response) => void response.writeHead(401, invalid).end(),
    async ({ claims }) => `token-${claims === undefined ? current : ++current}`,
  );
  for (const id of [1, 2, 3]) {
    world.say({ id, method: "ping" });
    expect(await world.next()).toMatchObject({ id, error: { data: { code: "mcp-unauthorized" } } });
  }
  expect(world.tokenRequests.filter((claims) => claims !== undefined)).toEqual(["{}"]);
});

it("where no other token can be had, the answer of the server is the error", async () => {
  await using world = await startWorld(
    (_, response) => void response.writeHead(401, invalid).end(),
    async ({ claims }) => {
      if (claims !== undefined) throw new Error("The Azure CLI takes no claims.");
      return "token-1";
    },
  );
  world.say({ id: 1, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 1, error: { data: { code: "mcp-unauthorized" } } });
});

it("a token that was renewed meanwhile is used before claims are requested", async () => {
  const tokens = ["old", "new"];
  await using world = await startWorld(
    ({ message, headers }, response) => {
      if (headers.authorization === "Bearer new") answerJson(response, message.id);
      else response.writeHead(401).end();
    },
    async () => tokens.shift() ?? "new",
  );
  world.say({ id: 1, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 1, result: {} });
});

it("a challenge that names another scope and authority is shown, and changes no request for a token", async () => {
  const challenge =
    'Bearer error="insufficient_scope", scope="api://evil/.default", authorization_uri="https://evil.test/"';
  await using world = await startWorld(
    (_, response) => void response.writeHead(403, { "www-authenticate": challenge }).end(),
  );
  world.say({ id: 1, method: "ping" });
  const { error } = await world.next();
  expect(error).toMatchObject({
    data: { code: "mcp-forbidden" },
    message: expect.stringContaining("api://evil/.default"),
  });
  expect(world.tokenRequests).toEqual([undefined]);
});

it("a token that a server repeats in its challenge is not shown", async () => {
  const token = `eyJ${"x".repeat(20)}.eyJ${"y".repeat(20)}.${"z".repeat(20)}`;
  await using world = await startWorld(
    ({ headers }, response) => {
      const echoed = String(headers.authorization).slice("Bearer ".length);
      response
        .writeHead(403, { "www-authenticate": `Bearer scope="${echoed}"`, "content-type": "text/plain" })
        .end(echoed);
    },
    async () => token,
  );
  world.say({ id: 1, method: "ping" });
  const shown = JSON.stringify(await world.next()) + world.notices.join();
  expect(shown).toContain("mcp-forbidden");
  expect(shown).not.toContain("yyyy");
});

it("a redirect is not followed, and is an error without the path of its target", async () => {
  await using world = await startWorld((_, response) => {
    response.writeHead(307, { location: "https://evil.test/c4n4ry?c4n4ry" }).end();
  });
  world.say({ id: 1, method: "ping" });
  const { error } = await world.next();
  expect(error).toMatchObject({
    data: { code: "mcp-redirected" },
    message: expect.stringContaining("https://evil.test"),
  });
  expect(JSON.stringify(error)).not.toContain("c4n4ry");
});

it.each([
  ["a page for people", 200, { "content-type": "text/html" }, "<html></html>", "mcp-not-mcp"],
  ["nothing", 202, {}, "", "mcp-not-mcp"],
  ["JSON that is no JSON-RPC", 200, { "content-type": "application/json" }, '{"ok":true}', "mcp-not-mcp"],
  [
    "the response to another request",
    200,
    { "content-type": "application/json" },
    '{"jsonrpc":"2.0","id":9,"result":{}}',
    "mcp-not-mcp",
  ],
  ["an error of HTTP", 500, {}, "oops", "mcp-refused"],
  ["a page that is not found", 404, { "content-type": "text/html" }, "<html></html>", "mcp-refused"],
  ["a stream that ends at once", 200, eventStream, "", "mcp-broken-off"],
])("a server that answers with %s leaves no request without a response", async (_, status, headers, body, code) => {
  await using world = await startWorld((__, response) => void response.writeHead(status, headers).end(body));
  world.say({ id: 1, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 1, error: { data: { code } } });
});

it("an error of JSON-RPC with a status of HTTP is the response, with the id of the request", async () => {
  await using world = await startWorld((_, response) =>
    answerError(response, 404, { code: -32_601, message: "Method not found" }),
  );
  world.say({ id: 1, method: "none" });
  expect(await world.next()).toEqual({ jsonrpc: "2.0", id: 1, error: { code: -32_601, message: "Method not found" } });
});

it("a server that is gone at the start is waited for a moment, then the request fails, and the next one reaches it", async () => {
  await using world = await startWorld(echo);
  await world.stopServer();
  world.say({ id: 1, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 1, error: { data: { code: "mcp-unreachable" } } });
  expect(world.pauses).toEqual([250, 1_000, 2_500]);
  await world.startServer();
  world.say({ id: 2, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 2, result: {} });
});

it("a request on whose connection the server has died is not sent again", async () => {
  await using world = await startWorld((_, response) => void response.destroy());
  world.say({ id: 1, method: "tools/call" });
  expect(await world.next()).toMatchObject({ id: 1, error: { data: { code: "mcp-unreachable" } } });
  expect(world.received).toHaveLength(1);
});

it("a stream that breaks off is resumed after the last event, when the server says so", async () => {
  await using world = await startWorld(({ method, message, headers }, response) => {
    response.writeHead(200, eventStream);
    if (method === "POST") {
      response.write(event(undefined, { id: "e-1", retry: 700 }));
      return void response.end(event({ method: "notifications/progress" }, { id: `e-2-${message.id}` }));
    }
    expect(headers).toMatchObject({ "last-event-id": "e-2-1", authorization: "Bearer token-1" });
    response.end(event({ id: 1, result: { resumed: true } }));
  });
  world.say({ id: 1, method: "tools/call" });
  expect(await world.next()).toMatchObject({ method: "notifications/progress" });
  expect(await world.next()).toMatchObject({ id: 1, result: { resumed: true } });
  expect(world.pauses).toEqual([700]);
});

it("a stream that brings nothing new is not resumed again and again", async () => {
  await using world = await startWorld(({ method }, response) => {
    response.writeHead(200, eventStream);
    response.end(method === "POST" ? event(undefined, { id: "e" }) : "");
  });
  world.say({ id: 1, method: "tools/call" });
  expect(await world.next()).toMatchObject({ id: 1, error: { data: { code: "mcp-broken-off" } } });
  expect(world.received).toHaveLength(6);
});

it("a call of revision 2026-07-28 whose stream breaks off fails, and a subscription is requested again", async () => {
  let subscriptions = 0;
  await using world = await startWorld(({ message }, response) => {
    response.writeHead(200, eventStream);
    if (message.method === "tools/call") return void response.end(event({ method: "notifications/progress" }));
    subscriptions++;
    response.write(event({ method: "notifications/subscriptions/acknowledged" }));
    if (subscriptions === 1) response.end();
  });
  world.say({ id: 1, method: "tools/call", params: { name: "x", ...modern } });
  await world.next();
  expect(await world.next()).toMatchObject({ id: 1, error: { data: { code: "mcp-broken-off" } } });
  world.say({ id: 2, method: "subscriptions/listen", params: modern });
  await world.next();
  await world.next();
  expect(subscriptions).toBe(2);
  await world.end();
});

/** A server with one session at a time. */
function sessions(lost: (response: Parameters<Handler>[1], id: unknown) => void): Handler & { lose(): void } {
  let session = 1;
  const handler: Handler = ({ method, message, headers }, response) => {
    if (method !== "POST") return void response.writeHead(405).end();
    if (message.method === "initialize") {
      const result = { protocolVersion: "2025-11-25", echoed: message.params };
      return answerJson(response, message.id, result, { "mcp-session-id": `s-${session}` });
    }
    if (headers["mcp-session-id"] !== `s-${session}`) return lost(response, message.id);
    if (message.id === undefined) return void response.writeHead(202).end();
    answerJson(response, message.id, { session });
  };
  return Object.assign(handler, { lose: () => void session++ });
}

it.each([
  ["404", (response: Parameters<Handler>[1]) => void response.writeHead(404).end()],
  [
    "400 and a text",
    (response: Parameters<Handler>[1], id: unknown) =>
      answerError(response, 400, { code: -32_000, message: "Bad Request: No valid session ID provided" }, id),
  ],
])("a session that the server has lost (%s) is begun again, once for all requests", async (_, lost) => {
  const server = sessions(lost);
  await using world = await startWorld(server);
  world.say({ id: 1, method: "initialize", params: { clientInfo: { name: "test" } } });
  await world.next();
  world.say({ method: "notifications/initialized" });
  world.say({ id: 2, method: "tools/list" });
  expect(await world.next()).toMatchObject({ id: 2, result: { session: 1 } });
  server.lose();
  world.say({ id: 3, method: "tools/list" });
  world.say({ id: 4, method: "tools/list" });
  const results = [await world.next(), await world.next()];
  expect(results.map(({ id }) => id).sort()).toEqual([3, 4]);
  expect(results).toMatchObject([{ result: { session: 2 } }, { result: { session: 2 } }]);
  const renewals = world.received.filter(({ message }) => message.method === "initialize").slice(1);
  expect(renewals).toMatchObject([{ message: { params: { clientInfo: { name: "test" } } } }]);
});

it("what the server sends unasked is read again after the session was begun again", async () => {
  let [session, streams] = [1, 0];
  await using world = await startWorld(({ method, message, headers }, response) => {
    if (headers["mcp-session-id"] !== undefined && headers["mcp-session-id"] !== `s-${session}`)
      return void response.writeHead(404).end();
    if (method === "GET") {
      streams++;
      response.writeHead(200, eventStream).write(event({ method: `notifications/s${session}` }));
      return;
    }
    if (message.id === undefined) return void response.writeHead(202).end();
    answerJson(response, message.id, {}, { "mcp-session-id": `s-${session}` });
  });
  world.say({ id: 1, method: "initialize" });
  await world.next();
  world.say({ method: "notifications/initialized" });
  expect(await world.next()).toMatchObject({ method: "notifications/s1" });
  session = 2;
  world.say({ id: 2, method: "tools/list" });
  const messages = [await world.next(), await world.next()];
  expect(messages).toContainEqual(expect.objectContaining({ method: "notifications/s2" }));
  expect(messages).toContainEqual(expect.objectContaining({ id: 2 }));
  expect(streams).toBe(2);
});

it("messages that the server sends unasked reach the client, also after their stream broke off", async () => {
  const seen: (string | undefined)[] = [];
  await using world = await startWorld(({ method, headers, message }, response) => {
    if (method === "POST") return void response.writeHead(message.id === undefined ? 202 : 200).end();
    seen.push(headers["last-event-id"] as string | undefined);
    response.writeHead(200, eventStream);
    response.write(event({ method: `notifications/n${seen.length}` }, { id: `e-${seen.length}` }));
    if (seen.length === 1) response.end();
  });
  world.say({ method: "notifications/initialized" });
  expect(await world.next()).toMatchObject({ method: "notifications/n1" });
  expect(await world.next()).toMatchObject({ method: "notifications/n2" });
  expect(seen).toEqual([undefined, "e-1"]);
});

it("cancelling closes the connection of a request of revision 2026-07-28, and is a message before", async () => {
  const { promise: isClosed, resolve } = Promise.withResolvers<void>();
  await using world = await startWorld(({ message }, response) => {
    if (message.id === undefined) return void response.writeHead(202).end();
    if (message.id === 1) response.once("close", resolve);
  });
  world.say({ id: 1, method: "tools/call", params: { name: "x", ...modern } });
  world.say({ id: 2, method: "tools/call", params: { name: "x" } });
  await until(() => world.received.length === 2);
  world.say({ method: "notifications/cancelled", params: { requestId: 1 } });
  await isClosed;
  world.say({ method: "notifications/cancelled", params: { requestId: 2 } });
  await until(() => world.received.length === 3);
  expect(world.received[2]?.message).toMatchObject({ method: "notifications/cancelled", params: { requestId: 2 } });
});

it("a line that is no message is answered without an id, and the next message is relayed", async () => {
  await using world = await startWorld(echo);
  world.line("hello");
  expect(await world.next()).toMatchObject({ error: { code: -32_700, data: { code: "mcp-not-json" } } });
  world.line("");
  world.say({ id: 1, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 1, result: {} });
});

it("a message that is too large is refused in both directions, and the next one is relayed", async () => {
  const huge = "x".repeat(maxMessageBytes);
  await using world = await startWorld(({ message }, response) =>
    answerJson(response, message.id, message.method === "huge" ? huge : {}),
  );
  world.say({ id: 1, method: "ping", params: { huge } });
  expect(await world.next()).toMatchObject({ error: { data: { code: "mcp-message-too-large" } } });
  world.say({ id: 2, method: "huge" });
  expect(await world.next()).toMatchObject({ id: 2, error: { data: { code: "mcp-message-too-large" } } });
  world.say({ id: 3, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 3, result: {} });
});

it("a token that cannot be had is the error of the request, and no request is sent", async () => {
  await using world = await startWorld(echo, async () => {
    throw Object.assign(new Error("No source has a token."), { code: "x" });
  });
  world.say({ id: 1, method: "ping" });
  expect(await world.next()).toMatchObject({ id: 1, error: { message: "azid: No source has a token." } });
  expect(world.received).toEqual([]);
});

it("responses that are under way still come when the client has closed its end", async () => {
  const { promise: mayAnswer, resolve } = Promise.withResolvers<void>();
  await using world = await startWorld(async ({ message }, response) => {
    await mayAnswer;
    answerJson(response, message.id);
  });
  world.say({ id: 1, method: "ping" });
  await until(() => world.received.length === 1);
  const ended = world.end();
  resolve();
  expect(await world.next()).toMatchObject({ id: 1, result: {} });
  await ended;
});

it("Ctrl-C ends the proxy while a response is under way", async () => {
  await using world = await startWorld(() => undefined);
  world.say({ id: 1, method: "ping" });
  await until(() => world.received.length === 1);
  await world.interrupt();
  expect(world.notices).toEqual([]);
});
