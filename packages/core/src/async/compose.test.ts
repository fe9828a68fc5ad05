import { expect, it } from "vitest";
import { compose, type Step } from "./compose.ts";

type TextStep = Step<string, string>;
const mark =
  (name: string): TextStep =>
  async (request, next) =>
    `${name}(${await next(`${request}${name}`)})`;
const last: TextStep = async (request) => request;

it("A list runs its steps from top to bottom, each with what the one above passed on", async () => {
  expect(await compose([mark("a"), mark("b"), last])(">")).toBe("a(b(>ab))");
});

it("A step that answers by itself ends the list", async () => {
  const answer: TextStep = async () => "from memory";
  const never: TextStep = () => Promise.reject(new Error("was called"));
  expect(await compose([mark("a"), answer, never])("")).toBe("a(from memory)");
});

it("A list passes over steps that are not needed", async () => {
  expect(await compose([undefined, mark("a"), undefined, last])(">")).toBe("a(>a)");
});

it("A step may pass on a request of another type", async () => {
  const parse: Step<string, number, number> = (request, next) => next(Number(request));
  const double: Step<number, number> = async (request) => request * 2;
  expect(await compose([parse, double])("21")).toBe(42);
});

it("A step that throws synchronously rejects with what it threw", async () => {
  const error = new Error("no");
  const throwing: TextStep = () => {
    throw error;
  };
  await expect(compose([mark("a"), throwing])("")).rejects.toBe(error);
});

it("A step that returns nothing rejects with its name", async () => {
  function silent() {
    return undefined as never;
  }
  await expect(compose<string, string>([mark("a"), silent])("")).rejects.toThrow(
    "The step silent returned no promise.",
  );
});

it("A step that calls next twice rejects with its name, and the steps below run once", async () => {
  let runs = 0;
  const counted: TextStep = async () => {
    runs++;
    return "once";
  };
  async function twice(request: string, next: (request: string) => Promise<string>) {
    await next(request);
    return next(request);
  }
  await expect(compose<string, string>([twice, counted])("")).rejects.toThrow("The step twice called next twice.");
  expect(runs).toBe(1);
});

it("A last step that calls next rejects", async () => {
  const passing: TextStep = (request, next) => next(request);
  await expect(compose([passing])("")).rejects.toThrow("The last step has called next.");
});
