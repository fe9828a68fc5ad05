import diagnostics from "node:diagnostics_channel";
import { expect, it } from "vitest";
import { createEvents } from "./events.ts";

const payload = { source: "s", operation: "get", reason: "r" };

it("makes no object while nobody listens", () => {
  let made = 0;
  createEvents().emit("azidentity:store-failed", () => {
    made++;
    return payload;
  });
  expect(made).toBe(0);
});

it("tells whoever listens, on the channel of that name", () => {
  const heard: unknown[] = [];
  const listen = (message: unknown) => heard.push(message);
  diagnostics.subscribe("azidentity:store-failed", listen);
  try {
    createEvents().emit("azidentity:store-failed", () => payload);
  } finally {
    diagnostics.unsubscribe("azidentity:store-failed", listen);
  }
  expect(heard).toEqual([payload]);
});
