import { expect, it } from "vitest";
import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import { closeInstance, credentialFor, type Instantiated } from "./source-instance.ts";

const context = {} as SourceContext;

function setUp(create?: (n: number) => unknown) {
  const made: unknown[] = [];
  const disposed: number[] = [];
  const source = {
    name: "kept",
    create(options: unknown) {
      const n = made.push(options);
      return create?.(n) ?? { n, getToken() {}, [Symbol.asyncDispose]: async () => void disposed.push(n) };
    },
  } as unknown as AnySource;
  let options: unknown = { secret: "first" };
  const placed: Instantiated = { source, context, instance: undefined };
  const rotate = (to: unknown) => {
    options = to;
  };
  return { placed, made, disposed, rotate, get: () => credentialFor(placed, options) };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

it("a source instance creates one credential, on first use", async () => {
  const { made, get } = setUp();
  expect(made).toEqual([]);
  const [a, b] = await Promise.all([get(), get()]);
  expect(a).toBe(b);
  expect(await get()).toBe(a);
  expect(made).toEqual([{ secret: "first" }]);
});

it("a source instance creates another credential for other options, and disposes the previous one", async () => {
  const { made, disposed, rotate, get } = setUp();
  const first = await get();
  rotate({ secret: "second" });
  expect(await get()).not.toBe(first);
  await get();
  await settle();
  expect(made).toEqual([{ secret: "first" }, { secret: "second" }]);
  expect(disposed).toEqual([1]);
});

it("a source instance creates a credential again after a failure", async () => {
  const { made, get } = setUp((n) => {
    if (n === 1) throw new Error("not yet");
    return undefined;
  });
  await expect(get()).rejects.toThrow("not yet");
  expect(await get()).toMatchObject({ n: 2 });
  expect(made).toHaveLength(2);
});

it("a source instance drops a credential whose creation outlasts the signal", async () => {
  const { placed, made } = setUp((n) => (n === 1 ? new Promise(() => undefined) : undefined));
  const controller = new AbortController();
  void credentialFor(placed, "same", controller.signal);
  controller.abort();
  expect(await credentialFor(placed, "same")).toMatchObject({ n: 2 });
  expect(made).toHaveLength(2);
});

it("a source instance keeps a credential that was created in time, even if the signal ends later", async () => {
  const { placed, made } = setUp();
  const controller = new AbortController();
  const first = await credentialFor(placed, "same", controller.signal);
  controller.abort();
  expect(await credentialFor(placed, "same")).toBe(first);
  expect(made).toHaveLength(1);
});

it("closing a source instance disposes its credential once", async () => {
  const { placed, disposed, get } = setUp();
  await closeInstance(placed);
  await get();
  await closeInstance(placed);
  await closeInstance(placed);
  expect(disposed).toEqual([1]);
});

it("closing a source instance succeeds after a failed creation", async () => {
  const { placed, get } = setUp(() => Promise.reject(new Error("no")));
  const failed = get();
  await Promise.all([expect(failed).rejects.toThrow("no"), closeInstance(placed)]);
});
