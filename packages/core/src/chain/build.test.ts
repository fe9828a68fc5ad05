import { expect, it } from "vitest";
import { defaultOrder } from "./build.ts";

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

it("orders by kind, then priority, then name, and leaves out what has no priority", () => {
  expect(names()).toEqual(["environment", "managed", "az", "azd"]);
});

it("lets no developer source outrank a deployed one by picking a number", () => {
  expect(names({ az: { priority: -1_000 } })).toEqual(["environment", "managed", "az", "azd"]);
});

it("takes other priorities from the config", () => {
  expect(names({ managed: { priority: 1 } })).toEqual(["managed", "environment", "az", "azd"]);
});

it("switches sources off and on; one without a priority comes last of its kind", () => {
  expect(names({ az: { enabled: false }, browser: { enabled: true }, secret: { enabled: true } })).toEqual([
    "environment",
    "managed",
    "secret",
    "azd",
    "browser",
  ]);
});
