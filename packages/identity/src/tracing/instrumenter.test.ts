import * as esm from "@azure/core-tracing";
import { afterEach, describe, expect, it } from "vitest";
import { createIsTraced } from "./instrumenter.ts";

const commonJs: typeof esm = process.getBuiltinModule("node:module").createRequire(import.meta.url)(
  "@azure/core-tracing",
);
const none = undefined as unknown as esm.Instrumenter;
const own: esm.Instrumenter = {
  startSpan: () => ({ span: { end: () => undefined } as esm.TracingSpan, tracingContext: {} as esm.TracingContext }),
  withContext: (_, callback, ...args) => callback(...args),
  parseTraceparentHeader: () => undefined,
  createRequestHeaders: () => ({}),
};
afterEach(() => esm.useInstrumenter(none));

describe.each([
  ["ES module", esm],
  ["CommonJS module", commonJs],
])("of the %s of @azure/core-tracing", (_, library) => {
  const client = library.createTracingClient({ namespace: "n", packageName: "p" });

  it("the instrumenter that does nothing counts as none, before and after it is made", () => {
    library.useInstrumenter(none);
    const isTraced = createIsTraced();
    expect(isTraced()).toBe(false);
    client.startSpan("span"); // makes it
    expect([isTraced(), createIsTraced()()]).toEqual([false, false]);
  });

  it("one of the program counts from when it is registered, and until it is replaced", () => {
    const isTraced = createIsTraced();
    library.useInstrumenter(own);
    expect(isTraced()).toBe(true);
    library.useInstrumenter(none);
    expect(isTraced()).toBe(false);
  });
});
