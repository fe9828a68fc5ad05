import { expect, it } from "vitest";
import { readEnvironment } from "./environment.ts";

it("leaves out what is empty, and keeps what is blank", () => {
  expect(readEnvironment({ A: "1", B: "", C: undefined, D: " " })).toEqual({ A: "1", D: " " });
});

it("keeps a variable that is empty or blank beside those that it completes, as an empty text", () => {
  const ids = { AZURE_TENANT_ID: "t", AZURE_CLIENT_ID: "c" };
  expect(readEnvironment({ ...ids, AZURE_CLIENT_SECRET: "" })).toEqual({ ...ids, AZURE_CLIENT_SECRET: "" });
  expect(readEnvironment({ ...ids, AZURE_CLIENT_SECRET: " \n" })).toEqual({ ...ids, AZURE_CLIENT_SECRET: "" });
  expect(readEnvironment({ AZURE_CLIENT_ID: "", AZURE_CLIENT_SECRET: "" })).toEqual({});
  expect(readEnvironment({ IDENTITY_ENDPOINT: "", IDENTITY_HEADER: "" })).toEqual({});
});

it("is a copy that nobody can change", () => {
  const live: NodeJS.ProcessEnv = { A: "1" };
  const env = readEnvironment(live);
  live.A = "2";
  expect(env.A).toBe("1");
  expect(() => Object.assign(env, { A: "3" })).toThrow(TypeError);
});
