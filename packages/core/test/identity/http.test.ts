import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type IdentityPlugin, services } from "../../src/contract/services.ts";
import type { Http, HttpRequest } from "../../src/contract/system-services.ts";
import { definePlugin } from "../../src/options/define-options.ts";
import type { ServiceOverrides } from "../../src/runtime/services.ts";
import { countingSource, failure, hour, scope, setUp } from "./set-up.ts";

let server: http.Server;
let url: string;
let connections = 0;
const headersSeen: http.IncomingHttpHeaders[] = [];
beforeAll(async () => {
  server = http.createServer((request, response) => {
    headersSeen.push(request.headers);
    response.end("T");
  });
  server.on("connection", () => connections++);
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const pin = { thumbprint: "00", restrict: () => undefined };
const request = (): HttpRequest => ({ method: "GET", url, headers: { own: "1" }, tls: { pin } });

/** A source whose token is the body of a response. */
const sending = () =>
  countingSource("sending", {
    create: (_, context) => ({
      async getToken({ signal }) {
        const { body } = await context.http.send(request(), signal);
        return { token: body, expiresOnTimestamp: context.clock.now() + hour, tokenType: "Bearer" as const };
      },
    }),
  });

const withHttp = (given: unknown, options = {}) =>
  setUp({ plugins: [sending().plugin], ...options }, { http: given as NonNullable<ServiceOverrides["http"]> }).identity;

/** A wrapper that adds a header, and writes down what it was asked. */
function adding(name: string) {
  const seen: HttpRequest[] = [];
  let made = 0;
  const wrapper = (next: Http): Http => {
    made++;
    return {
      send(asked, signal) {
        seen.push(asked);
        return next.send({ ...asked, headers: { ...asked.headers, [name]: "yes" } }, signal);
      },
    };
  };
  return { wrapper, seen, times: () => made };
}

it("a function as `http` wraps the default client, and sees requests as sources made them", async () => {
  const { wrapper, seen, times } = adding("x-policy");
  const identity = withHttp(wrapper);
  expect(times()).toBe(0);
  for (const asked of [scope, "https://other.azure.net/.default"])
    expect((await identity.getToken(asked)).token).toBe("T");
  expect(seen).toEqual([request(), request()]);
  expect(headersSeen.at(-1)).toMatchObject({ own: "1", "x-policy": "yes" });
  expect(times()).toBe(1);
});

it("a function as `http` wraps the HTTP of a plugin", async () => {
  const ofPlugin: Http = { send: async () => ({ status: 200, headers: {}, body: "plugin" }) };
  const plugin = definePlugin({ name: "h", services: [{ token: services.http, name: "own", create: () => ofPlugin }] });
  const { wrapper, seen } = adding("x-policy");
  const { identity } = setUp({ plugins: [sending().plugin, plugin] }, { http: wrapper });
  expect((await identity.getToken(scope)).token).toBe("plugin");
  expect(seen).toHaveLength(1);
});

it("an object as `http` replaces the default client", async () => {
  const replaced = withHttp({ send: async () => ({ status: 200, headers: {}, body: "own" }) });
  expect((await replaced.getToken(scope)).token).toBe("own");
});

/** The warnings that an identity with this config logs before its first token. */
async function warningsOf(http: unknown, settings: object, { plugins = [] as IdentityPlugin[], shared = {} } = {}) {
  const lines: string[] = [];
  const logger = { error() {}, warn: (line: string) => void lines.push(line), info() {}, debug() {} };
  const given = { logger, http: http as NonNullable<ServiceOverrides["http"]> };
  const { identity } = setUp({ plugins: [sending().plugin, ...plugins], ...settings }, given);
  await identity.with(shared).getToken(scope);
  return lines;
}
const replacement: Http = { send: async () => ({ status: 200, headers: {}, body: "own" }) };
const ofPlugin = definePlugin({
  name: "h",
  services: [{ token: services.http, name: "own-http", create: () => replacement }],
});
const settings = { http: { proxy: "http://proxy.contoso.com", userAgent: "orders/1", retry: { maxRetries: 1 } } };

it("settings of the config that a replaced client does not know are a warning", async () => {
  const ignored = "sends all requests, without `http.proxy` and `http.userAgent` of the config.";
  expect(await warningsOf(replacement, settings)).toEqual([`The program's own \`http\` ${ignored}`]);
  expect(await warningsOf((next: Http) => next, settings, { plugins: [ofPlugin] })).toEqual([
    `The service "own-http" of a plugin ${ignored}`,
  ]);
  expect(await warningsOf(replacement, {}, { shared: settings })).toHaveLength(1);
});

it("settings of HTTP that are in force are no warning", async () => {
  const known = { http: { userAgent: "orders/1", retry: { maxRetries: 1 } } };
  expect(await warningsOf((next: Http) => next, known, { shared: known })).toEqual([]);
  expect(await warningsOf(replacement, { http: { retry: { maxRetries: 1 } } }, { shared: { http: {} } })).toEqual([]);
});

it("a wrapper of `with` is around that of the identity it comes from", async () => {
  const [outer, inner] = [adding("x-outer"), adding("x-inner")];
  const identity = withHttp(inner.wrapper);
  await identity.with({}, { http: outer.wrapper }).getToken(scope);
  expect(headersSeen.at(-1)).toMatchObject({ "x-outer": "yes", "x-inner": "yes" });
  expect([outer.seen[0]?.headers, inner.seen[0]?.headers]).toEqual([{ own: "1" }, { own: "1", "x-outer": "yes" }]);
  await identity.with({}).with({}).getToken(scope);
  expect(headersSeen.at(-1)).not.toHaveProperty("x-outer");
  expect([inner.times(), inner.seen.length]).toEqual([1, 2]);
});

it("a wrapper stays in force where `with` has settings for HTTP, and is called for that client once more", async () => {
  const { wrapper, seen, times } = adding("x-policy");
  const other = withHttp(wrapper).with({ http: {} });
  await other.getToken(scope);
  await other.with({}).getToken(scope);
  expect([seen.length, times()]).toEqual([2, 2]);
});

it("HTTP that `with` replaces is used in place of every wrapper", async () => {
  const { wrapper, seen } = adding("x-policy");
  const own: Http = { send: async () => ({ status: 200, headers: {}, body: "own" }) };
  const other = withHttp(wrapper).with({}, { http: own });
  expect((await other.getToken(scope)).token).toBe("own");
  expect((await other.with({ http: {} }).getToken(scope)).token).toBe("own");
  expect(seen).toEqual([]);
});

it("identities that come from one share its connections, also those with settings for HTTP", async () => {
  await using identity = setUp({ plugins: [sending().plugin] }).identity;
  const before = connections;
  await identity.getToken(scope);
  for (const settings of [{}, { tenantId: "t" }, { http: {} }]) await identity.with(settings).getToken(scope);
  await identity.with({}, { env: {} }).getToken(scope);
  expect(connections - before).toBe(1);
});

it.each<[string, unknown, string]>([
  ["throws", () => expect.fail("on purpose"), "threw an error"],
  ["returns nothing", () => undefined, "nothing that has a method send()"],
  ["returns the function that it got from it", ({ send }: Http) => send, "nothing that has a method send()"],
  ["returns an object without send", () => ({ fetch }), "nothing that has a method send()"],
  ["returns a promise", async (next: Http) => next, "a promise"],
  ["returns a promise that rejects", async () => expect.fail("on purpose"), "a promise"],
  ["returns a promise that never settles", () => new Promise(() => {}), "a promise"],
  ["is fetch", fetch, "a promise"],
])(
  "a function as `http` that %s is an error of the configuration, where a token is requested",
  async (_, given, said) => {
    for (const identity of [
      withHttp(given),
      setUp({ plugins: [sending().plugin] }).identity.with({}, { http: given as never }),
    ]) {
      const error = await failure(identity.getToken(scope));
      expect(error).toMatchObject({ name: "ConfigurationError", code: "invalid-argument" });
      expect(error.message).toContain(said);
      expect(await failure(identity.ready())).toMatchObject({ code: "invalid-argument" });
    }
  },
);

it.each<[string, () => unknown]>([
  ["nothing", async () => undefined],
  ["a response of fetch", async () => new Response("T")],
  ["a response without headers", async () => ({ status: 200, body: "T" })],
  ["a body that is parsed already", async () => ({ status: 200, headers: {}, body: { access_token: "T" } })],
  ["a status that is a text", async () => ({ status: "200", headers: {}, body: "T" })],
  ["a text", () => "T"],
])("a `send` that returns %s is an unexpected answer, named with the host alone", async (_, send) => {
  for (const identity of [withHttp(() => ({ send })), withHttp({ send })]) {
    const error = await failure(identity.getToken(scope));
    expect(error).toMatchObject({ outcome: "failed", code: "unexpected-answer" });
    expect(error.message).toContain("127.0.0.1");
    expect(error.message).not.toContain("/token");
  }
});

it.each<[string, (next: Http) => Http["send"], string]>([
  ["drops the signal", (next) => (asked) => next.send(asked, undefined as never), "and its signal: (next) =>"],
  ["drops both", (next) => () => next.send(undefined as never, undefined as never), "Pass on a valid request"],
  ["makes an invalid URL", (next) => (asked, signal) => next.send({ ...asked, url: "x" }, signal), '"Invalid URL"'],
  [
    "makes an invalid header",
    (next) => (asked, signal) => next.send({ ...asked, headers: { own: "c4n4ry\n" } }, signal),
    "Invalid character",
  ],
])("a wrapper that %s is named as the cause, with what to do", async (_, wrapper, said) => {
  const given = (next: Http) => ({ send: wrapper(next) });
  for (const identity of [withHttp(given), setUp({ plugins: [sending().plugin] }).identity.with({}, { http: given })]) {
    const error = await failure(identity.getToken(scope));
    expect(error).toMatchObject({ name: "ConfigurationError", code: "invalid-argument" });
    expect(error.message).toMatch(/^The function `http` /);
    expect(error.message).toContain(said);
    expect(error.message).not.toMatch(/author of the source|c4n4ry/);
  }
});

it("a client's own TypeError is not taken for a mistake of the wrapper around it", async () => {
  const client = { send: () => Promise.reject(new TypeError("fetch failed")) };
  const identity = withHttp(client).with({}, { http: (next) => ({ send: (...asked) => next.send(...asked) }) });
  expect(await failure(identity.getToken(scope))).toMatchObject({ name: "AuthenticationError", outcome: "failed" });
});

it.each<[string, () => unknown]>([
  ["throws", () => expect.fail("on purpose")],
  ["rejects", async () => expect.fail("on purpose")],
])("a `send` that %s fails the source with an error of ours that has the cause", async (_, send) => {
  const error = await failure(withHttp(() => ({ send })).getToken(scope));
  expect(error).toMatchObject({ name: "AuthenticationError", outcome: "failed" });
  expect(error.cause?.message).toContain("on purpose");
});

it("a `send` that never settles ends with the deadline of the source", async () => {
  const { identity, clock } = setUp(
    { plugins: [sending().plugin], sources: { sending: { deadlineMs: 5_000 } } },
    { http: () => ({ send: () => new Promise(() => {}) }) },
  );
  const waiting = failure(identity.getToken(scope));
  await identity.ready();
  await clock.advance(5_000);
  expect(await waiting).toMatchObject({ code: "timeout" });
});
