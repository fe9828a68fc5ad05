/** Addresses are checked when a connection is made, over the HTTP client that users have. */
import type { HttpRequest, IdentityError } from "@azidentity/core/plugin";
import { definePlugin, defineSource } from "@azidentity/core/plugin";
import { expect, it } from "vitest";
import { lookupAllowed, requireAllowed } from "../src/endpoint/allowed-addresses.ts";
import { answering, serve } from "./faulty-server.ts";
import { failure, identityOn, scope } from "./machine.ts";

const all = () => true;
const none = () => false;

/** Sends requests over the HTTP of an identity, which keeps its connections. */
function sender() {
  let request: HttpRequest = { method: "GET", url: "http://127.0.0.1" };
  const source = defineSource({
    name: "sender",
    kind: "deployed",
    tenantPolicy: "fixed",
    subject: () => undefined,
    create: (_, { http, clock }) => ({
      getToken: async ({ signal }) => {
        const { body } = await http.send(request, signal);
        return { token: body, expiresOnTimestamp: clock.now() + 1e6, tokenType: "Bearer" };
      },
    }),
  });
  const plugins = [definePlugin({ name: "sender", sources: [source] })];
  const credential = identityOn({}, { plugins, sources: { sender: { cache: false } } } as object).credential("sender");
  return (next: HttpRequest) => {
    request = next;
    return credential.getToken(scope);
  };
}

const toLocalhost = (port: number, name: string, allow: (address: string) => boolean): HttpRequest => ({
  method: "GET",
  url: `http://localhost:${port}`,
  proxy: "never",
  connection: { name, lookup: lookupAllowed(allow) },
});

it("a request to a name is sent when an address of it is allowed", async () => {
  const server = await serve(answering(200, "T"));
  const asked: string[] = [];
  const allow = (address: string) => asked.push(address) > 0;
  expect((await sender()(toLocalhost(server.port, "any", allow))).token).toBe("T");
  expect(asked).toContain("127.0.0.1");
});

it("nothing is sent to a name that leads to other addresses alone", async () => {
  const server = await serve(answering(200, "T"));
  const error = await failure(sender()(toLocalhost(server.port, "none", none)));
  expect(error).toMatchObject({ code: "unexpected-address", outcome: "misconfigured" });
  expect(error.message).toMatch(/localhost, which leads to (127\.0\.0\.1|::1):/);
  expect(server.requests).toEqual([]);
});

it("a connection that another way has opened is not used", async () => {
  const server = await serve(answering(200, "T"));
  const send = sender();
  await send({ method: "GET", url: `http://localhost:${server.port}` });
  await send(toLocalhost(server.port, "any", all));
  expect(await failure(send(toLocalhost(server.port, "none", none)))).toMatchObject({ code: "unexpected-address" });
  expect(server.requests).toHaveLength(2);
});

it.each(["http://127.0.0.1/", "http://2130706433/", "http://[::1]/", "http://[::ffff:7f00:1]/"])(
  "%s is an address, for which no name is looked up",
  (url) => {
    const asked: string[] = [];
    const allow = (address: string) => asked.push(address) < 0;
    expect(() => requireAllowed(new URL(url), allow)).toThrow(
      expect.objectContaining<Partial<IdentityError>>({ code: "unexpected-address" }),
    );
    expect(asked).toEqual([expect.stringMatching(/^(127\.0\.0\.1|::1|::ffff:7f00:1)$/)]);
    expect(() => requireAllowed(new URL("http://localhost"), allow)).not.toThrow();
  },
);

it("a lookup that is for one address gets an allowed one, and an unknown name is the system's error", async () => {
  const first = await new Promise((resolve) => {
    lookupAllowed(all)("localhost", {}, (error, address, family) => resolve([error, address, family]));
  });
  expect(first).toEqual([null, expect.stringMatching(/^(127\.0\.0\.1|::1)$/), expect.any(Number)]);
  const unknown = await new Promise((resolve) => lookupAllowed(all)("a b", {}, resolve));
  expect(unknown).toMatchObject({ syscall: "getaddrinfo" });
});
