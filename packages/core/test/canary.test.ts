import diagnostics from "node:diagnostics_channel";
import { inspect } from "node:util";
import v8 from "node:v8";
import fc from "fast-check";
import { expect, it } from "vitest";
import { entraError } from "../src/entra.ts";
import { createIdentity, definePlugin, defineSource } from "../src/index.ts";
import { defineOptions, outcomeError, type SourceContext, type TokenRequest } from "../src/plugin.ts";
import { defineTokenStore } from "../src/store/define-token-store.ts";
import { createFakeHttp, echoEncodings } from "../src/testing.ts";
import { secrets, tracesIn } from "./echoes.ts";

type Fail = (echo: string, context: SourceContext, request: TokenRequest) => unknown;

/** Sends the secret as a client does, and gets it back. */
async function answerTo(context: SourceContext, { signal }: TokenRequest, echo: string) {
  return context.http.send({ method: "GET", url: `http://localhost/?echo=${encodeURIComponent(echo)}` }, signal);
}

/** Mistakes of a source with the values that it gets. Each throws, or returns what is thrown. */
const failures: Readonly<Record<string, Fail>> = {
  "an error of ours": (echo) => outcomeError("failed", `It said ${echo}.`, { remedy: `Not ${echo}.` }),
  "an answer of Entra": (echo) => {
    const body = { error: echo, error_description: echo, suberror: echo, trace_id: echo, claims: echo };
    const response = { status: 401, headers: { "content-type": echo }, body: JSON.stringify(body) };
    return entraError("mine", response, 0);
  },
  "an answer of Entra that asks for claims": (echo) => {
    const claims = JSON.stringify({ access_token: { value: echo } });
    const body = JSON.stringify({ error: "interaction_required", error_codes: [50076], claims });
    return entraError("mine", { status: 400, headers: {}, body }, 0);
  },
  "an answer that is a page": (echo) =>
    entraError("mine", { status: 502, headers: { "content-type": `text/html; ${echo}` }, body: `<p>${echo}` }, 0),
  "an answer over HTTP": async (echo, context, request) => {
    const { body } = await answerTo(context, request, echo);
    return outcomeError("rejected", `It answered ${body}`);
  },
  "an error of another library": (echo) => Object.assign(new TypeError(echo), { code: echo, request: { body: echo } }),
  "an error with causes": (echo) => new Error("top", { cause: new Error("middle", { cause: new Error(echo) }) }),
  "an error of ours with causes": (echo) =>
    outcomeError("failed", "top", { cause: new Error("middle", { cause: new Error(echo) }) }),
  "several errors": (echo) => new AggregateError([new Error(echo)], echo),
  "a text": (echo) => echo,
  "an object": (echo) => ({ message: echo }),
  "a log line": (echo, context) => {
    for (const level of ["error", "warn", "info", "debug"] as const)
      context.log[level](echo, { echo, deep: { list: [echo] }, error: new Error(echo) });
    return outcomeError("failed", "no");
  },
  "a retry": (echo, context, request) =>
    context.retry(
      { statuses: [500], delaysMs: [1] },
      async () => {
        throw outcomeError("failed", echo, { statusCode: 500 });
      },
      request,
    ),
};

/** Where a source fails. */
const places = ["getToken", "create", "detect", "probe", "subject"] as const;

const channels = ["azidentity:walk", "azidentity:acquire", "azidentity:refresh-failed", "azidentity:store-failed"];

/** Everything that is shown of one failure, however it is printed or copied. */
async function shownBy(place: (typeof places)[number], fail: Fail, secret: string, echo: string): Promise<string> {
  const seen: unknown[] = [];
  const see = (...args: unknown[]) => void seen.push(args);
  const failAt =
    (own: (typeof places)[number], otherwise: unknown) =>
    (context: SourceContext, request: TokenRequest): unknown => {
      if (own !== place) return otherwise;
      const thrown = fail(echo, context, request);
      if (thrown instanceof Promise)
        return thrown.then((one) => {
          throw one;
        });
      throw thrown;
    };
  const request = { signal: new AbortController().signal, background: false } as TokenRequest;
  const mine = defineSource({
    name: "mine",
    kind: "developer",
    tenantPolicy: "any",
    options: defineOptions({ password: { type: "string", secret: true } }),
    subject: (_, context) => failAt("subject", "mine")(context, request) as string,
    detect: (_, context) => failAt("detect", { state: "possible", reason: "It may." })(context, request) as never,
    create: async (_, context) => {
      await failAt("create", undefined)(context, request);
      return {
        probe: async () =>
          (await failAt("probe", { state: "ready", reason: "It is there." })(context, request)) as never,
        getToken: async (asked) => (await failAt("getToken", undefined)(context, asked)) as never,
      };
    },
  });
  const other = defineSource({
    name: "other",
    kind: "developer",
    tenantPolicy: "any",
    subject: () => "other",
    detect: () => ({ state: "absent", reason: "It is not there." }),
    create: () => Promise.reject(new Error("never")),
  });
  const store = defineTokenStore({
    name: "store",
    create: () => Promise.reject(new Error("the store is shut")),
  });
  const plugins = [
    definePlugin({ name: "mine", sources: [mine, other] }),
    definePlugin({ name: "s", services: [store] }),
  ];
  const http = createFakeHttp(() => ({ status: 400, body: JSON.stringify({ echo }) }));
  const logger = { error: see, warn: see, info: see, debug: see };
  for (const channel of channels) diagnostics.subscribe(channel, see);
  try {
    await using identity = createIdentity(
      { config: false, plugins, cache: { store: "store" }, log: { level: "debug" } },
      { env: {}, http, logger },
    );
    const link = identity.credential("mine", { password: secret });
    const chain = identity.chain([{ source: "mine", options: { password: secret } }, "other"]);
    for (const credential of [link, chain]) {
      await credential.getToken("https://vault.azure.net/.default", { enableCae: true }).then(see, (error) => {
        see(error, error.walk, error.errors);
        seen.push(v8.serialize(structuredClone(error)).toString("latin1"), structuredClone(error));
      });
    }
    see(await chain.explain("https://vault.azure.net/.default").catch((error) => error));
  } finally {
    for (const channel of channels) diagnostics.unsubscribe(channel, see);
  }
  const options = { depth: 20, maxStringLength: null, maxArrayLength: null, getters: true } as const;
  return [
    inspect(seen, { ...options, showHidden: true }),
    inspect(seen, { ...options, customInspect: false }),
    JSON.stringify(seen),
    ...seen.filter((one) => typeof one === "string"),
  ].join("\n");
}

const cases = places.flatMap((place) => {
  const some = place === "getToken" ? Object.entries(failures) : Object.entries(failures).slice(0, 8);
  // what is synchronous cannot fail later
  const now =
    place === "detect" || place === "subject"
      ? some.filter(([, fail]) => !(fail.constructor.name === "AsyncFunction"))
      : some;
  return now.map(([what, fail]) => [place, what, fail] as const);
});

it.each(cases)("no secret is shown when %s throws %s that holds it in any encoding", async (place, _, fail) => {
  await fc.assert(
    fc.asyncProperty(secrets, fc.constantFrom(...Object.keys(echoEncodings)), async (secret, name) => {
      const shown = await shownBy(place, fail, secret, echoEncodings[name]?.(secret) ?? "");
      expect(tracesIn(shown)).toEqual([]);
      expect(shown).toContain("mine");
    }),
    { numRuns: 8 },
  );
});

it("an identity and its credentials show no option that they were given, however they are printed or copied", async () => {
  const source = defineSource({
    name: "mine",
    kind: "developer",
    priority: 1,
    tenantPolicy: "any",
    options: defineOptions({ password: { type: "string", secret: true } }),
    subject: () => "mine",
    create: () => ({ getToken: async () => ({ token: "T", tokenType: "Bearer", expiresOnTimestamp: 4e12 }) }),
  });
  const plugins = [definePlugin({ name: "mine", sources: [source] })];
  const sources = { mine: { password: "Zq7Kx9WvB3" } };
  await using identity = createIdentity({ config: false, plugins, sources } as never, { env: {} });
  const credential = identity.credential("mine", { password: "Zq7Kx9WvB3" });
  const chain = identity.chain([{ source: "mine", options: { password: "Zq7Kx9WvB3" } }]);
  await Promise.all([identity, credential, chain].map((one) => one.getToken("https://vault.azure.net/.default")));
  for (const customInspect of [true, false]) {
    const seen = [identity, credential, chain, { ...identity }, { ...credential }, { ...chain }];
    const options = { depth: 9, showHidden: true, getters: true, customInspect } as const;
    expect(tracesIn(inspect(seen, options) + JSON.stringify(seen))).toEqual([]);
  }
});

it("the canary values reach a source, so that the test would notice them", async () => {
  for (const encode of Object.values(echoEncodings)) expect(tracesIn(encode('"+Zq7Kx9WvB3/'))).not.toEqual([]);
  const shown = await shownBy("getToken", (echo) => outcomeError("failed", echo), "another secret", '"+Zq7Kx9WvB3/');
  expect(tracesIn(shown)).not.toEqual([]);
});
