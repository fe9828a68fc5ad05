import "reflect-metadata";
import { container as global } from "tsyringe";
import { expect, it } from "vitest";
import { serviceToken } from "../contract/service-token.ts";
import { createContainer } from "./container.ts";

const token = serviceToken<{ n: number }>("container-test");

it("makes a service once, when it is first asked for", async () => {
  let made = 0;
  const container = createContainer();
  container.provide(token, () => ({ n: ++made }));
  expect(made).toBe(0);
  expect(await container.get(token)).toBe(await container.get(token));
  expect(made).toBe(1);
});

it("makes a service again that could not be made", async () => {
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

it("answers undefined for what nobody provides, even when the process-wide container has it", async () => {
  global.register(token, { useValue: { n: 7 } });
  try {
    const container = createContainer();
    expect(container.has(token)).toBe(false);
    expect(await container.get(token)).toBeUndefined();
  } finally {
    global.reset();
  }
});

it("never writes to the process-wide container", () => {
  createContainer().provide(token, () => ({ n: 1 }));
  expect(global.isRegistered(token)).toBe(false);
});

it("lets the last word count, as an override has to", async () => {
  const container = createContainer();
  container.provide(token, () => ({ n: 1 }));
  container.lend(token, { n: 2 });
  expect(await container.get(token)).toEqual({ n: 2 });
});

it("disposes what it made, newest first, and leaves what was lent to its owner", async () => {
  const gone: string[] = [];
  const closing = (name: string) => ({ n: 0, [Symbol.asyncDispose]: async () => void gone.push(name) });
  const other = serviceToken<{ n: number }>("container-test-other");
  const lent = serviceToken<{ n: number }>("container-test-lent");
  const container = createContainer();
  container.provide(token, () => closing("first"));
  container.provide(other, async () => closing("second"));
  container.lend(lent, closing("lent"));
  await container.get(token);
  await container.get(other);
  await container.get(lent);
  await container[Symbol.asyncDispose]();
  expect(gone).toEqual(["second", "first"]);
});
