import "reflect-metadata";
import { container as global } from "tsyringe";
import { expect, it } from "vitest";
import { serviceToken } from "../contract/context.ts";
import { createContainer } from "./container.ts";

const token = serviceToken<{ n: number }>("container-test");

it("a container creates a service once, on the first get", async () => {
  let made = 0;
  const container = createContainer();
  container.provide(token, () => ({ n: ++made }));
  expect(made).toBe(0);
  expect(await container.get(token)).toBe(await container.get(token));
  expect(made).toBe(1);
});

it("a container tries again to create a service whose factory failed", async () => {
  let made = 0;
  const container = createContainer();
  container.provide(token, async () => {
    made++;
    if (made === 1) throw new Error("not yet");
    return { n: made };
  });
  await expect(container.get(token)).rejects.toThrow("not yet");
  expect(await container.get(token)).toEqual({ n: 2 });
  expect(await container.get(token)).toEqual({ n: 2 });
});

it("a container returns undefined for a service that only the process-wide container has", async () => {
  // stays there: a reset would also remove what packages registered when they were loaded
  const ofProcess = serviceToken<{ n: number }>("container-test-of-process");
  global.register(ofProcess, { useValue: { n: 7 } });
  const container = createContainer();
  expect(container.has(ofProcess)).toBe(false);
  expect(await container.get(ofProcess)).toBeUndefined();
});

it("a container never writes to the process-wide one", () => {
  createContainer().provide(token, () => ({ n: 1 }));
  expect(global.isRegistered(token)).toBe(false);
});

it("a later registration replaces an earlier one", async () => {
  const container = createContainer();
  container.provide(token, () => ({ n: 1 }));
  container.registerInstance(token, { n: 2 });
  expect(await container.get(token)).toEqual({ n: 2 });
});

it("a container disposes what it created, newest first, and not the instances that were registered", async () => {
  const gone: string[] = [];
  const closing = (name: string) => ({ n: 0, [Symbol.asyncDispose]: async () => void gone.push(name) });
  const other = serviceToken<{ n: number }>("container-test-other");
  const instance = serviceToken<{ n: number }>("container-test-instance");
  const container = createContainer();
  container.provide(token, () => closing("first"));
  container.provide(other, async () => closing("second"));
  container.registerInstance(instance, closing("instance"));
  await container.get(token);
  await container.get(other);
  await container.get(instance);
  await container[Symbol.asyncDispose]();
  expect(gone).toEqual(["second", "first"]);
});

it("a container disposes no service that it shares with another", async () => {
  let gone = 0;
  const owner = createContainer();
  owner.provide(token, () => ({ n: 1, [Symbol.asyncDispose]: async () => void gone++ }));
  const user = createContainer({ owner, tokens: [token] });
  expect(await user.get(token)).toBe(await owner.get(token));
  await user[Symbol.asyncDispose]();
  expect(gone).toBe(0);
  await owner[Symbol.asyncDispose]();
  expect(gone).toBe(1);
});

it("a service of its own takes the place of one that a container shares with another", async () => {
  const other = serviceToken<{ n: number }>("container-test-other");
  const owner = createContainer();
  owner.registerInstance(token, { n: 1 });
  const user = createContainer({ owner, tokens: [token] });
  expect([user.has(token), user.has(other)]).toEqual([true, false]);
  user.registerInstance(token, { n: 2 });
  expect([await user.get(token), await owner.get(token), await user.get(other)]).toEqual([
    { n: 2 },
    { n: 1 },
    undefined,
  ]);
});
