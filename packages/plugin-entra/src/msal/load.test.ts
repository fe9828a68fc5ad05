import { expect, it } from "vitest";
import { loadMsal } from "./load.ts";

it("loads MSAL, and takes back the require that it lends", async () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "require");
  const { ConfidentialClientApplication } = await loadMsal();
  expect(ConfidentialClientApplication).toBeTypeOf("function");
  expect(Object.getOwnPropertyDescriptor(globalThis, "require")).toEqual(before);
});
