import { expect, it } from "vitest";
import { readExpiry, readRefresh } from "./expiry.ts";

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const inAnHour = start + hour;
const seconds = inAnHour / 1000;

it.each([
  ["seconds as a number", { expires_on: seconds }],
  ["seconds as text", { expires_on: String(seconds) }],
  ["a lifetime in its place", { expires_on: "3600" }],
  ["ISO 8601", { expires_on: "2026-01-01T01:00:00Z" }],
  ["ISO 8601 of another zone", { expires_on: "2026-01-01T03:00:00+02:00" }],
  ["a US date with AM", { expires_on: "1/1/2026 1:00:00 AM +00:00" }],
  ["a US date with PM, elsewhere", { expires_on: "12/31/2025 5:00:00 PM -08:00" }],
  ["a US date of 24 hours", { expires_on: "1/1/2026 6:30:00 +05:30" }],
  ["a lifetime as a number", { expires_in: 3600 }],
  ["a lifetime as text", { expires_in: "3600" }],
  ["both, where the time counts", { expires_on: String(seconds), expires_in: "10" }],
  ["a lifetime beside an invalid time", { expires_on: "soon", expires_in: "3600" }],
])("readExpiry reads %s", (_, fields) => {
  expect(readExpiry(fields, start)).toBe(inAnHour);
});

it("readExpiry reads midnight and noon of a US date", () => {
  expect(readExpiry({ expires_on: "1/2/2026 12:00:00 AM +00:00" }, start)).toBe(start + 24 * hour);
  expect(readExpiry({ expires_on: "1/1/2026 12:00:00 PM +00:00" }, start)).toBe(start + 12 * hour);
});

it.each([
  ["nothing", {}],
  ["milliseconds", { expires_on: String(inAnHour) }],
  ["milliseconds beside a lifetime", { expires_on: inAnHour, expires_in: "3600" }],
  ["a US date without a zone", { expires_on: "1/1/2026 1:00:00 AM" }],
  ["ISO 8601 without a zone", { expires_on: "2026-01-01T01:00:00" }],
  ["a month that does not exist", { expires_on: "13/1/2026 1:00:00 +00:00" }],
  ["a negative number", { expires_on: "-1" }],
  ["1e20", { expires_on: 1e20 }],
  ["null", { expires_on: null, expires_in: null }],
  ["an object", { expires_on: {} }],
  ["a lifetime of zero", { expires_in: "0" }],
  ["a negative lifetime", { expires_in: -5 }],
  ["a point in time as lifetime", { expires_in: seconds }],
])("readExpiry ignores %s", (_, fields) => {
  expect(readExpiry(fields, start)).toBeUndefined();
});

it.each([
  ["at the time of the host", { refresh_in: "600" }, hour, start + 600_000],
  ["at the time of the host as a point in time", { refresh_on: String(start / 1000 + 600) }, hour, start + 600_000],
  ["at half of a long lifetime", {}, 24 * hour, start + 12 * hour],
  ["at no time in a lifetime of two hours", {}, 2 * hour, undefined],
  ["at no time after the expiry", { refresh_in: "99999" }, hour, undefined],
])("the refresh of a token is due %s", (_, fields, life, expected) => {
  expect(readRefresh(fields, start, start + life)).toBe(expected);
});
