import diagnostics from "node:diagnostics_channel";
import { expect, it } from "vitest";
import { createEvents } from "../runtime/events.ts";

const payload = { source: "s", operation: "get", reason: "r" };

it("emit creates no object without subscribers", () => {
  let made = 0;
  createEvents().emit("azidentity:store-failed", () => {
    made++;
    return payload;
  });
  expect(made).toBe(0);
});

it("emit publishes to the subscribers of the channel", () => {
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
