import { expect, it } from "vitest";
import { readEnvironment } from "./environment.ts";

it("readEnvironment omits empty variables and keeps blank ones", () => {
  expect(readEnvironment({ A: "1", B: "", C: undefined, D: " " })).toEqual({ A: "1", D: " " });
});

it("readEnvironment keeps an empty or blank variable beside those that it completes as an empty text", () => {
  const ids = { AZURE_TENANT_ID: "t", AZURE_CLIENT_ID: "c" };
  expect(readEnvironment({ ...ids, AZURE_CLIENT_SECRET: "" })).toEqual({ ...ids, AZURE_CLIENT_SECRET: "" });
  expect(readEnvironment({ ...ids, AZURE_CLIENT_SECRET: " \n" })).toEqual({ ...ids, AZURE_CLIENT_SECRET: "" });
  expect(readEnvironment({ AZURE_CLIENT_ID: "", AZURE_CLIENT_SECRET: "" })).toEqual({});
  expect(readEnvironment({ IDENTITY_ENDPOINT: "", IDENTITY_HEADER: "" })).toEqual({});
});

it("readEnvironment returns a frozen copy", () => {
  const live: NodeJS.ProcessEnv = { A: "1" };
  const env = readEnvironment(live);
  live.A = "2";
  expect(env.A).toBe("1");
  expect(() => Object.assign(env, { A: "3" })).toThrow(TypeError);
});
