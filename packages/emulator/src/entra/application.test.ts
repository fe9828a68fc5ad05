import { expect, it } from "vitest";
import { createApplication } from "./application.ts";

it("A generated secret is an argument that no program takes for an option and no shell has to quote.", () => {
  const secrets = Array.from({ length: 500 }, () => createApplication({}).credentials.secrets[0]?.value);
  expect(secrets.filter((secret) => !/^[0-9a-z]{32,}$/.test(secret ?? ""))).toEqual([]);
  expect(new Set(secrets).size).toBe(500);
});
