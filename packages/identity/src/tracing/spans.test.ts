import { type Instrumenter, type TracingContext, useInstrumenter } from "@azure/core-tracing";
import * as peer from "@azure/identity";
import { afterEach, expect, it } from "vitest";
import { ChainedTokenCredential } from "../index.ts";

interface Recorded {
  readonly name: string;
  readonly packageName: string;
  readonly status: string;
}

const context = (values = new Map<symbol, unknown>()): TracingContext => ({
  setValue: (key, value) => context(new Map(values).set(key, value)),
  getValue: (key) => values.get(key),
  deleteValue: (key) => context(new Map([...values].filter(([one]) => one !== key))),
});

/** Records the spans that are started, in the order in which they end. */
function record(): Recorded[] {
  const spans: Recorded[] = [];
  const instrumenter: Instrumenter = {
    startSpan(name, { packageName }) {
      let status = "unset";
      const span = {
        setStatus: ({ status: given }: { status: string }) => {
          status = given;
        },
        setAttribute: () => undefined,
        recordException: () => undefined,
        isRecording: () => true,
        end: () => void spans.push({ name, packageName, status }),
      };
      return { span, tracingContext: context() };
    },
    withContext: (_, callback, ...args) => callback(...args),
    parseTraceparentHeader: () => undefined,
    createRequestHeaders: () => ({}),
  };
  useInstrumenter(instrumenter);
  return spans;
}
/** What the package does where no instrumenter is registered. */
const idle: Instrumenter = {
  startSpan: () => ({
    span: {
      setStatus: () => undefined,
      setAttribute: () => undefined,
      recordException: () => undefined,
      isRecording: () => false,
      end: () => undefined,
    },
    tracingContext: context(),
  }),
  withContext: (_, callback, ...args) => callback(...args),
  parseTraceparentHeader: () => undefined,
  createRequestHeaders: () => ({}),
};
afterEach(() => {
  record(); // the spans of other files are not recorded anywhere
});

const token = { token: "t", expiresOnTimestamp: 1 };

it.each([
  ["ours", { ChainedTokenCredential }],
  ["the peer's", peer],
] as const)("makes a span of each call, and hands its context to the members of a chain: %s", async (_, library) => {
  const spans = record();
  let given: unknown;
  const member = {
    getToken: async (_scopes: unknown, options?: { tracingOptions?: { tracingContext?: unknown } }) => {
      given = options?.tracingOptions?.tracingContext;
      return token;
    },
  };
  const chain = new library.ChainedTokenCredential(member);
  await chain.getToken("s");
  expect(given).toBeDefined();
  const failing = { getToken: () => Promise.reject(new TypeError("x")) };
  await new library.ChainedTokenCredential(failing).getToken("s").catch(() => undefined);
  const span = { name: "ChainedTokenCredential.getToken", packageName: "@azure/identity" };
  expect(spans).toEqual([
    { ...span, status: "success" },
    { ...span, status: "error" },
  ]);
});

it.each([
  ["ours", { ChainedTokenCredential }],
  ["the peer's", peer],
] as const)("makes a span of each answer from memory as soon as there is an instrumenter: %s", async (_, library) => {
  useInstrumenter(idle);
  const member = { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const chain = new library.ChainedTokenCredential(member);
  await chain.getToken("s");
  await chain.getToken("s");
  const spans = record();
  await chain.getToken("s");
  await chain.getToken(["s"], {});
  const span = { name: "ChainedTokenCredential.getToken", packageName: "@azure/identity", status: "success" };
  expect(spans).toEqual([span, span]);
});
