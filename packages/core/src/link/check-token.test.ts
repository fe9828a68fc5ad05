import { expect, it } from "vitest";
import type { IssuedToken } from "../contract/token.ts";
import { checkToken } from "./check-token.ts";

const now = Date.UTC(2026, 0, 1);
const good: IssuedToken = { token: "c4n4ry", expiresOnTimestamp: now + 1, tokenType: "Bearer" };

it("a valid token passes the check", () => {
  expect(checkToken("mine", good, now)).toBe(good);
});

it.each([
  ["nothing", undefined],
  ["null", null],
  ["an empty token", { ...good, token: "" }],
  ["a token that is no text", { ...good, token: 5 }],
  ["no time of expiry", { ...good, expiresOnTimestamp: undefined }],
  ["a time that is no number", { ...good, expiresOnTimestamp: "2027-01-01" }],
  ["a time that is none", { ...good, expiresOnTimestamp: Number.NaN }],
  ["a token that never expires", { ...good, expiresOnTimestamp: Number.POSITIVE_INFINITY }],
  ["a token that has expired", { ...good, expiresOnTimestamp: now }],
  ["a token with a line break", { ...good, token: "c4n4ry\nx: y" }],
  ["a token of no type", { ...good, tokenType: undefined }],
  ["a token of another type", { ...good, tokenType: "pop" }],
  ["seconds instead of milliseconds", { ...good, expiresOnTimestamp: now / 1000 + 3600 }],
])("%s is refused with the name of the source and without the token", (_, issued) => {
  const check = () => checkToken("mine", issued as IssuedToken, now);
  expect(check).toThrow(expect.objectContaining({ code: "invalid-token", outcome: "failed" }));
  expect(check).toThrow(/^mine returned /);
  expect(check).not.toThrow(/c4n4ry/);
});

it("an expiry in seconds is reported differently from one in the past", () => {
  const check = (expiresOnTimestamp: number) => () => checkToken("mine", { ...good, expiresOnTimestamp }, now);
  expect(check(now / 1000 + 3600)).toThrow(/milliseconds/);
  expect(check(now - 1000)).not.toThrow(/milliseconds/);
});

it("the error of an expired token shows what the clock of the machine shows", () => {
  const check = () => checkToken("mine", { ...good, expiresOnTimestamp: now - 1 }, now);
  expect(check).toThrow(/Check this machine's clock: it shows 2026-01-01T00:00 UTC\.$/);
});

it("a bearer token is refused where a bound token was requested", () => {
  expect(checkToken("mine", { ...good, tokenType: "pop" }, now, "pop").tokenType).toBe("pop");
  expect(() => checkToken("mine", good, now, "pop")).toThrow(expect.objectContaining({ code: "invalid-token" }));
});

it.each([Number.NaN, now + 2, "soon", null, now / 1000 + 1800])(
  "a refresh time of %j is ignored",
  (refreshAfterTimestamp) => {
    const issued = { ...good, refreshAfterTimestamp } as IssuedToken;
    expect(checkToken("mine", issued, now)).toEqual({ ...good, refreshAfterTimestamp: undefined });
  },
);
