/**
 * A machine that has just started: its metadata service answers later than the program asks, and a
 * developer is signed in to a tool.
 */
import { createIdentity } from "@azidentity/core";
import { definePlugin, type HttpRequest, outcomeError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, type FakeReply } from "@azidentity/core/testing";
import { createDeveloper } from "@azidentity/test-support";
import { expect, it } from "vitest";
import type { Machine } from "../src/machine.ts";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { azureTag, fakeMachine, tokenAnswer } from "./support.ts";

const scope = "https://vault.azure.net/.default";
const other = "https://storage.azure.com/.default";

const tool = createDeveloper("developer").source;

const oauthError = (text: string): FakeReply => ({
  status: 400,
  body: JSON.stringify({ error: "invalid_request", error_description: text }),
});

/** The machine, and its metadata service, which answers as `before` until it is `start`ed. */
function boot(before: FakeReply, machine: Machine, settings: object = {}) {
  const clock = createFakeClock();
  let isUp = false;
  const service = (request: HttpRequest): FakeReply => {
    if (!isUp) return before;
    return request.headers?.Metadata === undefined
      ? oauthError("Required metadata header not specified")
      : tokenAnswer(clock.now());
  };
  const http = createFakeHttp((request) => {
    const reply = service(request);
    return typeof reply === "function" ? reply(request) : reply;
  });
  const plugin = definePlugin({ name: "test", sources: [createManagedIdentitySource(machine), tool] });
  const identity = createIdentity(
    { config: false, plugins: [plugin], ...settings },
    { env: {}, clock, http, random: () => 0 },
  );
  const start = () => {
    isUp = true;
  };
  /** The token, or the code of the error, after all tries. */
  const ask = async (credential: Pick<typeof identity, "getToken"> = identity, of = scope) => {
    const answer = credential.getToken(of).then(
      ({ token }) => token,
      (error) => error.code,
    );
    await clock.advance(100);
    const late = Symbol();
    const soon = await Promise.race([answer, clock.advance(0).then(() => late)]);
    if (soon === late) await clock.advance(100_000);
    return answer;
  };
  return { clock, http, identity, start, ask, [Symbol.asyncDispose]: () => identity.close() };
}

const refused = outcomeError("unreachable", "Refused (ECONNREFUSED).");
const page = (status: number): FakeReply => ({ status, body: "<html>" });
const unknown = () => fakeMachine();
const azures = () => fakeMachine({ tag: azureTag });

it.each<[string, FakeReply, () => Machine]>([
  ["that was silent, on a machine without a chassis tag", "silence", unknown],
  ["that refused connections, on a machine without a chassis tag", refused, unknown],
  ["in whose place a web page answered, on a machine without a chassis tag", page(404), unknown],
  ["that answered 503 in another form, on a machine without a chassis tag", page(503), unknown],
  ["that was silent, on an Azure machine", "silence", azures],
  ["that refused connections, on an Azure machine", refused, azures],
  ["that answered 404, on an Azure machine", page(404), azures],
])(
  "the machine's token replaces the developer's after a metadata service %s, has started",
  async (_, before, machine) => {
    await using host = boot(before, machine());
    await host.identity.ready();
    expect(await host.ask()).toBe("developer");
    expect(await host.ask(host.identity, other)).toBe("developer");
    host.start();
    await host.clock.advance(120_000);
    expect(await host.ask()).toBe("opaque"); // the same scope, whose developer's token was in memory
    expect(await host.ask(host.identity, other)).toBe("opaque");
    expect(host.identity.explain.last?.winner).toBe("managed-identity");
  },
);

it("the machine's token replaces the developer's after a metadata service has started, in a chain that names the source", async () => {
  await using host = boot("silence", unknown());
  await host.identity.ready();
  const chain = host.identity.chain(["managed-identity", "azure-cli"]);
  expect(await host.ask(chain)).toBe("developer");
  host.start();
  await host.clock.advance(1_000);
  expect(await host.ask(chain)).toBe("opaque");
});

it("a machine without an identity keeps the developer's token after the metadata service has answered", async () => {
  await using host = boot(oauthError("Identity not found"), azures());
  await host.identity.ready();
  expect(await host.ask()).toBe("developer");
  host.start();
  await host.clock.advance(600_000);
  expect(await host.ask()).toBe("developer");
  expect(host.http.requests).toHaveLength(1);
});

it("a laptop in a silent network sends seven probes in half an hour, and only the first call waits longer than 100 ms", async () => {
  await using host = boot("silence", unknown());
  await host.identity.ready();
  const first = host.identity.getToken(scope);
  await host.clock.advance(1_000);
  expect((await first).token).toBe("developer");
  for (let second = 0; second < 1_800; second++) {
    const token = host.identity.getToken(scope);
    await host.clock.advance(100);
    const late = Symbol();
    expect(await Promise.race([token, host.clock.advance(0).then(() => late)])).toMatchObject({ token: "developer" });
    await host.clock.advance(900);
  }
  expect(host.http.requests).toHaveLength(7);
});

it("in production the error of a machine that is starting is followed by its own token", async () => {
  await using host = boot("silence", azures(), { mode: "production" });
  await host.identity.ready();
  expect(await host.ask()).toBe("timeout");
  host.start();
  expect(await host.ask()).toBe("opaque");
});
