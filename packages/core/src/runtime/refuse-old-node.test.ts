import { expect, it } from "vitest";
import { refuseOldNode } from "./refuse-old-node.ts";

it("lets this Node.js pass", () => {
  expect(() => refuseOldNode()).not.toThrow();
});

it("says which Node.js is wanted where an old one lacks what the core needs", () => {
  expect(() => refuseOldNode(() => false)).toThrow(
    expect.objectContaining({ code: "node-too-old", message: expect.stringContaining("22.3 or newer") }),
  );
});
