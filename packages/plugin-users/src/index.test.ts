import { modulesLoadedBy } from "@azidentity/test-support";
import { expect, it } from "vitest";
import users, { users as named } from "./index.ts";

it("the package exports a plugin of sources", () => {
  expect(named).toBe(users);
  expect(users).toMatchObject({ name: "@azidentity/plugin-users", contract: 1 });
  expect(users.sources.map(({ name, kind, priority }) => [name, kind, priority])).toEqual([
    ["authorization-code", "interactive", undefined],
    ["device-code", "interactive", undefined],
    ["interactive-browser", "interactive", undefined],
    ["username-password", "interactive", undefined],
  ]);
});

it("the package loads neither MSAL nor a network module when it is imported", () => {
  const entryPoint = new URL("./index.ts", import.meta.url).href;
  const loaded = modulesLoadedBy(entryPoint);
  expect(loaded).toContain(entryPoint);
  expect(loaded.filter((name) => /msal|jsonwebtoken|NativeModule (?:https?|tls|net|_http.*)$/.test(name))).toEqual([]);
});
