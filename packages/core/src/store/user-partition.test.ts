import fc from "fast-check";
import { expect, it } from "vitest";
import { readUserPartitionKey, userPartitionKey } from "./user-partition.ts";

const partition = fc.record(
  { authorityHost: fc.string(), clientId: fc.string().map((text) => text.toLowerCase()), homeAccountId: fc.string() },
  { requiredKeys: ["authorityHost", "clientId"] },
);

it("has a key that says what it is", () => {
  fc.assert(
    fc.property(partition, (one) => {
      expect(readUserPartitionKey(userPartitionKey(one))).toEqual(one);
    }),
  );
});

it("is that of an application however its id is written", () => {
  const of = (clientId: string) => userPartitionKey({ authorityHost: "https://host", clientId });
  expect(of("ABC")).toBe(of("abc"));
});

it.each([
  "",
  "null",
  "{}",
  '["azidentity.user.1","host","app"]',
  '["azidentity.users.1","host","app","me"]',
  '["azidentity.user.2","host","app","me"]',
  '["azidentity.user.1","host","app",null]',
])("is not named by %j", (key) => {
  expect(readUserPartitionKey(key)).toBeUndefined();
});
