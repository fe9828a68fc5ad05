import { expect, it } from "vitest";
import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import { createKeeper } from "./source-instance.ts";

const context = {} as SourceContext;

function setUp(create?: (n: number) => unknown) {
  const made: unknown[] = [];
  const disposed: number[] = [];
  const source = {
    name: "kept",
    create(options: unknown) {
      const n = made.push(options);
      return create?.(n) ?? { n, [Symbol.asyncDispose]: async () => void disposed.push(n) };
    },
  } as unknown as AnySource;
  let options: unknown = { secret: "first" };
  const keeper = createKeeper(source, context);
  const rotate = (to: unknown) => {
    options = to;
  };
  return { keeper, made, disposed, rotate, get: () => keeper.credential(options) };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

it("makes nothing before it is asked, and one credential for all who ask", async () => {
  const { made, get } = setUp();
  expect(made).toEqual([]);
  const [a, b] = await Promise.all([get(), get()]);
  expect(a).toBe(b);
  expect(await get()).toBe(a);
  expect(made).toEqual([{ secret: "first" }]);
});

it("makes another one for other options, and disposes the one before", async () => {
  const { made, disposed, rotate, get } = setUp();
  const first = await get();
  rotate({ secret: "second" });
  expect(await get()).not.toBe(first);
  await get();
  await settle();
  expect(made).toEqual([{ secret: "first" }, { secret: "second" }]);
  expect(disposed).toEqual([1]);
});

it("tries again what could not be made", async () => {
  const { made, get } = setUp((n) => {
    if (n === 1) throw new Error("not yet");
    return undefined;
  });
  await expect(get()).rejects.toThrow("not yet");
  expect(await get()).toMatchObject({ n: 2 });
  expect(made).toHaveLength(2);
});

it("gives up a credential whose making outlasts the signal", async () => {
  const { keeper, made } = setUp((n) => (n === 1 ? new Promise(() => undefined) : undefined));
  const controller = new AbortController();
  void keeper.credential("same", controller.signal);
  controller.abort();
  expect(await keeper.credential("same")).toMatchObject({ n: 2 });
  expect(made).toHaveLength(2);
});

it("keeps a credential that was made in time, whatever its signal does later", async () => {
  const { keeper, made } = setUp();
  const controller = new AbortController();
  const first = await keeper.credential("same", controller.signal);
  controller.abort();
  expect(await keeper.credential("same")).toBe(first);
  expect(made).toHaveLength(1);
});

it("disposes what it has made when it is closed, once", async () => {
  const { keeper, disposed, get } = setUp();
  await keeper.close();
  await get();
  await keeper.close();
  await keeper.close();
  expect(disposed).toEqual([1]);
});

it("closes in peace when the last credential could not be made", async () => {
  const { keeper, get } = setUp(() => Promise.reject(new Error("no")));
  const failed = get();
  await Promise.all([expect(failed).rejects.toThrow("no"), keeper.close()]);
});
