import { expect, it } from "vitest";
import { createActivity } from "./activity.ts";
import type { RelayEvent } from "./relay-event.ts";

const event = (more: Partial<RelayEvent> = {}): RelayEvent => ({
  at: 1_000,
  client: "app",
  protocol: "azd",
  scopes: ["https://storage.azure.com/.default"],
  outcome: "token",
  ms: 5,
  ...more,
});

it("requests of one client for one scope with one outcome are one row, the latest first", () => {
  const activity = createActivity();
  for (const one of [{}, { client: "web" }, { at: 2_000 }, { outcome: "throttled" as const }]) activity.add(event(one));
  expect(activity.rows().map(({ client, outcome, times, lastAt }) => [client, outcome, times, lastAt])).toEqual([
    ["app", "throttled", 1, 1_005],
    ["app", "token", 2, 2_005],
    ["web", "token", 1, 1_005],
  ]);
});

it("texts of clients have no control characters, and are cut", () => {
  const scopes = [`https://\u001b[2J\u202egro.live/${"x".repeat(10_000)}`];
  const refusal = { message: "no\u0007thing\r\nfor \u001b]0;title\u0007 you", remedy: "Run:\u009b2J\n\u202eit" };
  const row = createActivity().add(event({ scopes, refusal, outcome: "scope-not-allowed" }));
  expect(row.scopes).toMatch(/^https:\/\/\?\[2J\?gro\.live\/x+$/);
  expect(row.scopes.length).toBe(200);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  expect(JSON.stringify(row)).not.toMatch(/\\u00|\\r|\\n|[\u0000-\u001f]/);
});

it("clients cannot make the list longer than it may be", () => {
  const activity = createActivity();
  for (let count = 0; count < 200; count++) activity.add(event({ scopes: [`https://${count}/.default`] }));
  expect(activity.rows()).toHaveLength(50);
  expect(activity.rows()[0]?.scopes).toBe("https://199/.default");
});

it("requests without a key are counted by the reason of their refusal alone", () => {
  const activity = createActivity();
  activity.add(event({ client: undefined, scopes: undefined, outcome: "no-key" }));
  activity.add(event({ client: undefined, scopes: undefined, outcome: "no-key" }));
  expect(activity.rows()).toMatchObject([{ client: "(no key)", scopes: "", outcome: "no-key", times: 2 }]);
});
