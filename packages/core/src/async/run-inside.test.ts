import { expect, it, vi } from "vitest";
import { runInside } from "./run-inside.ts";

type Run = (context?: unknown) => Promise<string>;

function setUp(hook: (run: Run) => unknown, work: (context: unknown) => Promise<number> = async () => 5) {
  const worked = vi.fn(work);
  const onFault = vi.fn();
  const seen = async (running: Promise<number>) => `seen ${await running}`;
  return { worked, onFault, result: runInside<number, string>(hook, { work: worked, seen, onFault }) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

it("the hook surrounds the work, gives it a context, and sees what it may see", async () => {
  const events: unknown[] = [];
  const { worked, onFault, result } = setUp(async (run) => {
    events.push("before", await run("context"), "after");
  });
  expect(await result).toBe(5);
  await turn();
  expect(events).toEqual(["before", "seen 5", "after"]);
  expect(worked.mock.calls).toEqual([["context"]]);
  expect(onFault).not.toHaveBeenCalled();
});

it.each<[string, (run: Run) => unknown, boolean]>([
  ["throws at once", () => expect.unreachable(), true],
  [
    "throws after it has begun the work",
    (run) => {
      run();
      throw "text";
    },
    true,
  ],
  ["rejects without beginning the work", () => Promise.reject(undefined), true],
  ["rejects afterwards", (run) => run().then(() => Promise.reject(null)), true],
  ["never begins the work", () => undefined, true],
  ["begins the work late", async (run) => turn().then(() => run()), true],
  ["begins the work twice", (run) => Promise.all([run(), run()]), false],
  ["returns something else", (run) => [run(), "text"], false],
  ["returns before the work is done", (run) => void run(), false],
  ["never settles", (run) => Promise.all([run(), new Promise(() => undefined)]), false],
  ["never settles, and never begins the work", () => new Promise(() => undefined), true],
  [
    "returns what cannot be awaited",
    (run) => {
      run();
      // biome-ignore lint/suspicious/noThenProperty: it is what a hook may return
      return Object.defineProperty({}, "then", { get: () => expect.unreachable() });
    },
    true,
  ],
])("work is done once, and its result returned, when the hook %s", async (_, hook, isFault) => {
  const { worked, onFault, result } = setUp(hook);
  expect(await result).toBe(5);
  await turn();
  await turn();
  expect(worked).toHaveBeenCalledTimes(1);
  expect(onFault.mock.calls.length > 0).toBe(isFault);
});

it.each<[string, (run: Run) => unknown]>([
  ["passes it on", (run) => run()],
  ["ignores it", (run) => void run()],
  ["turns it into another", (run) => run().catch(() => Promise.reject(new Error("other")))],
  ["turns it into a result", (run) => run().catch(() => "fine")],
])("the error of the work is the caller's, and no unhandled one, when the hook %s", async (_, hook) => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  const error = new Error("of the work");
  const { onFault, result } = setUp(hook, () => Promise.reject(error));
  await expect(result).rejects.toBe(error);
  await turn();
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
  expect(onFault).not.toHaveBeenCalled();
});
