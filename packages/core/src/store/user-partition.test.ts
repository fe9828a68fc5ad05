import fc from "fast-check";
import { expect, it } from "vitest";
import { readUserPartitionKey, userPartitionKey } from "./user-partition.ts";

const partition = fc.record(
  { authorityHost: fc.string(), clientId: fc.string().map((text) => text.toLowerCase()), homeAccountId: fc.string() },
  { requiredKeys: ["authorityHost", "clientId"] },
);

it("the key of a user partition has its parts", () => {
  fc.assert(
    fc.property(partition, (one) => {
      expect(readUserPartitionKey(userPartitionKey(one))).toEqual(one);
    }),
  );
});

it("the key of a user partition ignores the case of the client id", () => {
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
])("%j is not the key of a user partition", (key) => {
  expect(readUserPartitionKey(key)).toBeUndefined();
});
