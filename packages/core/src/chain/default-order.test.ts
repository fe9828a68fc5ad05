import { expect, it } from "vitest";
import { defaultOrder } from "./default-order.ts";

const sources = [
  { name: "browser", kind: "interactive" },
  { name: "az", kind: "developer", priority: 1 },
  { name: "managed", kind: "deployed", priority: 300 },
  { name: "environment", kind: "deployed", priority: 100 },
  { name: "secret", kind: "deployed" },
  { name: "azd", kind: "developer", priority: 1 },
] as const;
const names = (settings: Parameters<typeof defaultOrder>[1] = {}) =>
  defaultOrder([...sources], settings).map((one) => one.name);

it("the default chain is ordered by kind, priority and name, without sources that have no priority", () => {
  expect(names()).toEqual(["environment", "managed", "az", "azd"]);
});

it("a developer source never comes before a deployed one, whatever its priority", () => {
  expect(names({ az: { priority: -1_000 } })).toEqual(["environment", "managed", "az", "azd"]);
});

it("a priority in the config replaces that of the source", () => {
  expect(names({ managed: { priority: 1 } })).toEqual(["managed", "environment", "az", "azd"]);
});

it("the config disables and enables sources, and one without a priority comes last of its kind", () => {
  expect(names({ az: { enabled: false }, browser: { enabled: true }, secret: { enabled: true } })).toEqual([
    "environment",
    "managed",
    "secret",
    "azd",
    "browser",
  ]);
});
