import { readFileSync } from "node:fs";
import {
  type AccessToken,
  createIdentity,
  type GetTokenOptions,
  type IdentityConfig,
  type Instrumentation,
  type ServiceOverrides,
} from "@azidentity/core";
import { type CredentialSource, definePlugin, defineSource, outcomeError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp } from "@azidentity/core/testing";
import { createTracingClient, type Instrumenter, useInstrumenter } from "@azure/core-tracing";
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, it, vi } from "vitest";
import { instrumentation } from "./recipes/open-telemetry.ts";

const scope = "https://vault.azure.net/.default";
const secret = "c4n4ry";

/** Sends one request for a token, after a pause of the event loop. */
function remote(more: Partial<CredentialSource> = {}) {
  return defineSource({
    name: "remote",
    kind: "deployed",
    tenantPolicy: "any",
    subject: () => "s",
    create: (_, { http, clock }) => ({
      async getToken({ signal }) {
        await new Promise((resolve) => setImmediate(resolve));
        const url = `https://user:${secret}@host.test/token?key=${secret}#${secret}`;
        const { status, body } = await http.send({ method: "POST", url, body: secret }, signal);
        if (status !== 200) throw outcomeError("rejected", "No.", { statusCode: status });
        return { token: body, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
      },
      authenticate: async () => ({ authority: "a", homeAccountId: "h", clientId: "c", tenantId: "t", username: "u" }),
    }),
    ...more,
  } as CredentialSource);
}

interface Settings {
  readonly source?: CredentialSource;
  readonly status?: number;
  readonly config?: IdentityConfig;
  readonly overrides?: ServiceOverrides;
}
function setUp(instrumentation: Instrumentation, { source = remote(), status = 200, ...more }: Settings = {}) {
  const plugins = [definePlugin({ name: "p", sources: [source] })];
  const http = createFakeHttp({ status, body: secret });
  const warn = vi.fn();
  const silent = () => undefined;
  const logger = { error: silent, warn, info: silent, debug: silent };
  const overrides = { env: {}, clock: createFakeClock(), http, logger, instrumentation, ...more.overrides };
  return { warn, http, identity: createIdentity({ config: false, plugins, ...more.config }, overrides) };
}

describe("the hooks", () => {
  it("an acquisition and its request are each surrounded once, and a hit is not", async () => {
    const seen: unknown[] = [];
    const { identity } = setUp({
      async acquire(info, run) {
        seen.push(info);
        seen.push(await run());
      },
      async send(info, run) {
        seen.push(info);
        seen.push(await run());
      },
    });
    const options = { tenantId: "contoso.com", tracingOptions: { tracingContext: "of the caller" } };
    const credential = identity.credential("remote");
    await Promise.all([1, 2, 3].map(() => credential.getToken([scope, "a/x"], options)));
    await credential.getToken([scope, "a/x"], options);
    const tracingContext = "of the caller";
    expect(seen).toEqual([
      { operation: "getToken", source: "remote", scopes: ["a/x", scope], tenantId: "contoso.com", tracingContext },
      { method: "POST", url: "https://host.test/token", source: "remote", tracingContext },
      { status: 200 },
      undefined,
    ]);
    expect(JSON.stringify(seen)).not.toContain(secret);
  });

  it("the context that a hook passes on is that of the requests, and of a credential of another library", async () => {
    const contexts: unknown[] = [];
    const { identity } = setUp({
      acquire: (_, run) => run("of the span"),
      send({ tracingContext }, run) {
        contexts.push(tracingContext);
        return run();
      },
    });
    await Promise.all(["a/1", "a/2"].map((one) => identity.credential("remote").getToken(one)));
    expect(contexts).toEqual(["of the span", "of the span"]);
    const getToken = vi.fn(async (_: unknown, __?: GetTokenOptions) => ({ token: "t", expiresOnTimestamp: 0 }));
    const tracingOptions = { tracingContext: "of the caller", other: 5 };
    await identity.chain([{ getToken }]).getToken("a/x", { tracingOptions, enableCae: true });
    expect(getToken.mock.calls[0]?.[1]).toMatchObject({
      enableCae: true,
      tracingOptions: { tracingContext: "of the span", other: 5 },
    });
  });

  it("a sign-in is surrounded, too, and `this` is the object of the caller", async () => {
    class Hooks implements Instrumentation {
      readonly seen: unknown[] = [];
      acquire({ operation }: { readonly operation: string }, run: () => Promise<void>) {
        this.seen.push(operation);
        return run();
      }
    }
    const hooks = new Hooks();
    await setUp(hooks).identity.credential("remote").authenticate(scope);
    expect(hooks.seen).toEqual(["authenticate"]);
  });

  it("an identity that comes from another one has its hooks, or its own", async () => {
    const hook = (seen: string[]) => (info: { source: string }, run: () => Promise<void>) => {
      seen.push(info.source);
      return run();
    };
    const [outer, inner]: [string[], string[]] = [[], []];
    const { identity } = setUp({ acquire: hook(outer) });
    await identity.with({}).credential("remote").getToken(scope);
    expect([outer, inner]).toEqual([["remote"], []]);
    await identity
      .with({}, { instrumentation: { acquire: hook(inner) } })
      .credential("remote")
      .getToken(scope);
    expect([outer, inner]).toEqual([["remote"], ["remote"]]);
  });

  it("an error that a hook sees has no secret, and one that it throws is not the caller's", async () => {
    const seen: unknown[] = [];
    const { identity } = setUp(
      {
        acquire: (_, run) =>
          run().catch((error) => {
            seen.push(error);
            throw new Error("of the hook");
          }),
      },
      { status: 400 },
    );
    await expect(identity.credential("remote").getToken(scope)).rejects.toMatchObject({ outcome: "rejected" });
    expect(seen).toMatchObject([{ outcome: "rejected" }]);
  });

  it("a hook sees the end of an acquisition whose source ignores its signal", async () => {
    const ended: unknown[] = [];
    const clock = createFakeClock();
    const source = remote({ create: () => ({ getToken: () => new Promise(() => undefined) }) });
    const { identity } = setUp(
      { acquire: (_, run) => run().catch((error) => void ended.push(error)) },
      { source, overrides: { clock } },
    );
    const asked = identity.credential("remote").getToken(scope);
    asked.catch(() => undefined);
    await vi.waitFor(async () => {
      await clock.advance(30_000);
      expect(ended).toMatchObject([{ outcome: "timeout" }]);
    }, 30_000);
    await expect(asked).rejects.toMatchObject({ outcome: "timeout" });
  });

  it.each<[string, Instrumentation["acquire"] & Instrumentation["send"]]>([
    ["throw", () => expect.unreachable()],
    ["reject", () => Promise.reject(new Error(`password=${secret}`))],
    ["never call run", () => undefined],
    ["never settle", () => new Promise(() => undefined)],
    ["call run later", async (_: unknown, run: () => Promise<unknown>) => Promise.resolve().then(() => run())],
  ])("hooks that %s change nothing, and are one warning each", async (_, hook) => {
    const { identity, http, warn } = setUp({ acquire: hook, send: hook });
    for (const one of ["a/1", "a/2", "a/3"])
      expect((await identity.credential("remote").getToken(one)).token).toBe(secret);
    expect(http.requests).toHaveLength(3);
    expect(warn.mock.calls.map(([line]) => line)).toEqual([
      expect.stringContaining("instrumentation.acquire"),
      expect.stringContaining("instrumentation.send"),
    ]);
    expect(JSON.stringify(warn.mock.calls)).not.toContain(secret);
  });

  it.each([null, 5, "x", [], { acquire: 5 }, { send: null }, { nope: 1 }])(
    "what is no instrumentation is refused: %j",
    (given) => {
      expect(() => setUp(given as Instrumentation)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    },
  );

  it("a misspelled hook is refused with the names of all; members of an object of a class are its own", () => {
    const misspelled = { aquire: () => undefined };
    expect(() => setUp(misspelled as Instrumentation)).toThrow(
      "`instrumentation.aquire` is not valid. The hooks are functions: acquire, send.",
    );
    class Spans {
      open = 0;
      send = () => this.open++;
    }
    expect(() => setUp(new Spans())).not.toThrow();
  });
});

describe("spans", () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer("test");
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  afterEach(() => exporter.reset());
  const spans = () => {
    const all = exporter.getFinishedSpans();
    const nameOf = (id?: string) => all.find((span) => span.spanContext().spanId === id)?.name;
    return all.map(({ name, parentSpanContext, attributes, status: { code } }) => ({
      name,
      parent: nameOf(parentSpanContext?.spanId),
      attributes,
      code,
    }));
  };

  it("docs/recipes/open-telemetry.md shows the recipe that is tested here", () => {
    const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
    expect(read("../../../docs/recipes/open-telemetry.md")).toContain(read("recipes/open-telemetry.ts"));
  });

  it("the recipe for OpenTelemetry makes a span of each acquisition and of each request in it", async () => {
    const { identity } = setUp(instrumentation);
    await tracer.startActiveSpan("of the program", async (span) => {
      await identity.credential("remote").getToken(scope);
      await identity.credential("remote").getToken(scope);
      span.end();
    });
    await vi.waitFor(() => expect(spans()).toHaveLength(3), 30_000);
    const [request, acquisition] = spans();
    expect(request).toMatchObject({
      name: "POST",
      parent: "remote.getToken",
      attributes: { "url.full": "https://host.test/token", "http.response.status_code": 200 },
    });
    expect(acquisition).toMatchObject({ name: "remote.getToken", parent: "of the program" });
    exporter.reset();
    await setUp(instrumentation, { status: 400 })
      .identity.credential("remote")
      .getToken(scope)
      .catch(() => undefined);
    await vi.waitFor(() => expect(spans()).toHaveLength(2), 30_000);
    expect(spans()[1]).toMatchObject({ name: "remote.getToken", code: SpanStatusCode.ERROR });
  });

  it("the spans of @azure/core-tracing are the peer's, with the caller's context as parent", async () => {
    useInstrumenter({
      startSpan(name, { tracingContext }) {
        const parent = (tracingContext ?? context.active()) as ReturnType<typeof context.active>;
        const span = tracer.startSpan(name, {}, parent);
        return {
          span: {
            end: () => span.end(),
            setStatus: ({ status }) => void span.setStatus({ code: status === "error" ? 2 : 1 }),
            setAttribute: () => undefined,
            recordException: () => undefined,
            isRecording: () => true,
          },
          tracingContext: trace.setSpan(parent, span) as never,
        };
      },
      withContext: (of, callback, ...args) => context.with(of as never, callback as never, undefined, ...args),
      parseTraceparentHeader: () => undefined,
      createRequestHeaders: () => ({}),
    } satisfies Instrumenter);
    const client = createTracingClient({ namespace: "Microsoft.AAD", packageName: "p", packageVersion: "1" });
    const { identity } = setUp({
      acquire: ({ source, operation, tracingContext }, run) =>
        client.withSpan(
          `${source}.${operation}`,
          { tracingOptions: { tracingContext: tracingContext as never } },
          (given) => run(given.tracingOptions?.tracingContext),
        ),
    });
    const inner: (GetTokenOptions | undefined)[] = [];
    class TheirCredential {
      async getToken(_: unknown, options?: GetTokenOptions): Promise<AccessToken> {
        inner.push(options);
        return { token: "t", expiresOnTimestamp: 0, tokenType: "Bearer" };
      }
    }
    const outer = tracer.startSpan("of the client");
    const tracingContext = trace.setSpan(context.active(), outer);
    await identity.chain([new TheirCredential()]).getToken(scope, { tracingOptions: { tracingContext } });
    outer.end();
    await vi.waitFor(() => expect(spans()).toHaveLength(2), 30_000);
    expect(spans()[0]).toMatchObject({ name: "TheirCredential.getToken", parent: "of the client", code: 1 });
    const passedOn = trace.getSpan(inner[0]?.tracingOptions?.tracingContext as never);
    expect(passedOn?.spanContext().spanId).toBe(exporter.getFinishedSpans()[0]?.spanContext().spanId);
  });
});
