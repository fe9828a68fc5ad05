import { modulesLoadedBy } from "@azidentity/test-support";
import { expect, it } from "vitest";
import entra, { entra as named } from "./index.ts";

it("the package exports a plugin of sources", () => {
  expect(named).toBe(entra);
  expect(entra).toMatchObject({ name: "@azidentity/plugin-entra", contract: 1 });
  expect(entra.sources.map(({ name, kind, priority }) => [name, kind, priority])).toEqual([
    ["environment", "deployed", 100],
    ["github-actions", "deployed", 250],
    ["azure-pipelines", "deployed", 260],
    ["client-secret", "deployed", undefined],
    ["client-assertion", "deployed", undefined],
    ["client-certificate", "deployed", undefined],
    ["federated", "deployed", undefined],
    ["on-behalf-of", "deployed", undefined],
  ]);
});

it("the package loads neither MSAL nor a network module when it is imported", () => {
  const entryPoint = new URL("./index.ts", import.meta.url).href;
  const loaded = modulesLoadedBy(entryPoint);
  expect(loaded).toContain(entryPoint);
  expect(loaded.filter((name) => /msal|jsonwebtoken|NativeModule (?:https?|tls|net|_http.*)$/.test(name))).toEqual([]);
});
