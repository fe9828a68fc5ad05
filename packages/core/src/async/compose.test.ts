import { expect, it } from "vitest";
import { compose, type Step } from "./compose.ts";

/** Where the steps run. */
type Place = { readonly runs: string[] };
type TextStep = Step<Place, string, string>;
const place: Place = { runs: [] };
const mark =
  (name: string): TextStep =>
  async (_, request, next) =>
    `${name}(${await next(`${request}${name}`)})`;
const last: TextStep = async (_, request) => request;

it("A list runs its steps from top to bottom, each with what the one above passed on", async () => {
  expect(await compose([mark("a"), mark("b"), last])(place, ">")).toBe("a(b(>ab))");
});

it("A step that answers by itself ends the list", async () => {
  const answer: TextStep = async () => "from memory";
  const never: TextStep = () => Promise.reject(new Error("was called"));
  expect(await compose([mark("a"), answer, never])(place, "")).toBe("a(from memory)");
});

it("A list passes over steps that are not needed", async () => {
  expect(await compose([undefined, mark("a"), undefined, last])(place, ">")).toBe("a(>a)");
});

it("Each step gets the place where its list runs", async () => {
  const note: TextStep = ({ runs }, request, next) => {
    runs.push(request);
    return next(`${request}+`);
  };
  const [one, other]: [Place, Place] = [{ runs: [] }, { runs: [] }];
  const run = compose([note, note, last]);
  await Promise.all([run(one, "a"), run(other, "b")]);
  expect([one.runs, other.runs]).toEqual([
    ["a", "a+"],
    ["b", "b+"],
  ]);
});

it("A step may pass on a request of another type", async () => {
  const parse: Step<Place, string, number, number> = (_, request, next) => next(Number(request));
  const double: Step<Place, number, number> = async (_, request) => request * 2;
  expect(await compose([parse, double])(place, "21")).toBe(42);
});

it("A step that throws synchronously rejects with what it threw", async () => {
  const error = new Error("no");
  const throwing: TextStep = () => {
    throw error;
  };
  await expect(compose([mark("a"), throwing])(place, "")).rejects.toBe(error);
});

it("A step that returns nothing rejects with its name", async () => {
  function silent() {
    return undefined as never;
  }
  await expect(compose<Place, string, string>([mark("a"), silent])(place, "")).rejects.toThrow(
    "The step silent returned no promise.",
  );
});

it("A step that calls next twice rejects with its name, and the steps below run once", async () => {
  let runs = 0;
  const counted: TextStep = async () => {
    runs++;
    return "once";
  };
  async function twice(_: Place, request: string, next: (request: string) => Promise<string>) {
    await next(request);
    return next(request);
  }
  await expect(compose<Place, string, string>([twice, counted])(place, "")).rejects.toThrow(
    "The step twice called next twice.",
  );
  expect(runs).toBe(1);
});

it("A last step that calls next rejects", async () => {
  const passing: TextStep = (_, request, next) => next(request);
  await expect(compose([passing])(place, "")).rejects.toThrow("The last step has called next.");
});
