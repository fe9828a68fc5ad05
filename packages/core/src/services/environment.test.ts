import { expect, it } from "vitest";
import { readEnvironment } from "./environment.ts";

it("leaves out what is empty, and keeps what is blank", () => {
  expect(readEnvironment({ A: "1", B: "", C: undefined, D: " " })).toEqual({ A: "1", D: " " });
});

it("is a copy that nobody can change", () => {
  const live: NodeJS.ProcessEnv = { A: "1" };
  const env = readEnvironment(live);
  live.A = "2";
  expect(env.A).toBe("1");
  expect(() => Object.assign(env, { A: "3" })).toThrow(TypeError);
});
