import { createRequire } from "node:module";
import { afterEach, expect, test, vi } from "vitest";

const { applicationOf, constructorArguments, double, scope } = createRequire(import.meta.url)("./arguments.cjs");
const identity = await import("@azure/identity");
const { getToken } = vi.hoisted(() => ({ getToken: vi.fn() }));
vi.mock(import("@azure/identity"), async (importOriginal) => ({
  ...(await importOriginal()),
  DefaultAzureCredential: class {
    getToken = getToken;
  },
}));
afterEach(() => vi.restoreAllMocks());

test("a factory replaces one class and keeps the rest of the module", async () => {
  getToken.mockResolvedValue(double);
  const chain = new identity.ChainedTokenCredential(new identity.DefaultAzureCredential());
  expect(await chain.getToken(scope)).toEqual(double);
  expect(getToken.mock.calls[0]?.[0]).toBe(scope);
});

const classes = Object.keys(constructorArguments).filter((name) => name !== "DefaultAzureCredential");

const spies = {
  "a method": (prototype) => vi.spyOn(prototype, "getToken").mockResolvedValue(double),
  'the access type "get"': (prototype) => vi.spyOn(prototype, "getToken", "get").mockReturnValue(async () => double),
};
const pairs = Object.keys(spies).flatMap((what) => classes.map((name) => [what, name]));

test.each(pairs)("vi.spyOn with %s replaces getToken on %s.prototype, until it is restored", async (what, name) => {
  const { prototype } = identity[name];
  const before = prototype.getToken;
  const spy = spies[what](prototype);
  expect(await new identity[name](...constructorArguments[name]).getToken(scope)).toBe(double);
  spy.mockRestore();
  expect(prototype.getToken).toBe(before);
});

test("a spy of ChainedTokenCredential is one of a DefaultAzureCredential that was not replaced", async () => {
  const { ChainedTokenCredential, DefaultAzureCredential } = await vi.importActual("@azure/identity");
  vi.spyOn(ChainedTokenCredential.prototype, "getToken").mockResolvedValue(double);
  expect(await new DefaultAzureCredential().getToken(scope)).toBe(double);
});

test("the fake timers of vitest end the life of a token", async () => {
  vi.useFakeTimers();
  const { credential, requests } = applicationOf(identity);
  await credential.getToken(scope);
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  expect((await credential.getToken(scope)).token).toBe("token-1");
  vi.setSystemTime(Date.now() + 31 * 60_000);
  expect((await credential.getToken(scope)).token).toBe("token-2");
  expect(requests()).toBe(2);
  vi.useRealTimers();
});
