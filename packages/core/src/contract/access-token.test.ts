import { inspect } from "node:util";
import { expect, it } from "vitest";
import { accessToken, saidPrincipal } from "./access-token.ts";

const issued = {
  token: "c4n4ry",
  expiresOnTimestamp: 2_000,
  refreshAfterTimestamp: 1_000,
  tokenType: "Bearer",
  principal: { username: "ann@contoso.com" },
} as const;

it("can be read, and is redacted wherever it would be printed", () => {
  const token = accessToken(issued);
  expect(token.token).toBe("c4n4ry");
  for (const text of [JSON.stringify(token), JSON.stringify({ token }), inspect(token), inspect({ deep: { token } })]) {
    expect(text).toContain("[redacted]");
    expect(text).not.toContain("c4n4ry");
  }
});

it("says nothing of the principal where it is printed or copied, but keeps what the source said", () => {
  const token = accessToken(issued);
  expect(inspect(token, { showHidden: true })).not.toContain("ann");
  expect({ ...token }).toEqual({ ...issued, principal: undefined });
  expect(saidPrincipal(token)).toEqual({ username: "ann@contoso.com" });
  expect(saidPrincipal(accessToken({ ...issued, principal: undefined }))).toBeUndefined();
});

it("cannot be changed by one caller for the others", () => {
  const token = accessToken(issued);
  expect(() => Object.assign(token, { token: "other" })).toThrow(TypeError);
  expect(token.token).toBe("c4n4ry");
});
