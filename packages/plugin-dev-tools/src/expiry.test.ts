import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expiryOf } from "./expiry.ts";

const local = (expiresText: string) => expiryOf({ token: "opaque", expiresText });

describe.each([
  // an hour that the clock shows twice is the first of the two
  ["America/New_York", "2026-11-01 01:30:00.000000", Date.UTC(2026, 10, 1, 5, 30)],
  ["America/New_York", "2026-11-01 03:00:00.000000", Date.UTC(2026, 10, 1, 8, 0)],
  ["America/New_York", "2026-07-01 12:00:00.000000", Date.UTC(2026, 6, 1, 16, 0)],
  ["Europe/Berlin", "2026-10-25 02:30:00.000000", Date.UTC(2026, 9, 25, 0, 30)],
  ["Europe/Berlin", "2026-03-29 03:30:00.000000", Date.UTC(2026, 2, 29, 1, 30)],
  ["Asia/Kolkata", "2026-11-23 20:32:11.000000", Date.UTC(2026, 10, 23, 15, 2, 11)],
  ["Australia/Lord_Howe", "2026-04-05 01:45:00.000000", Date.UTC(2026, 3, 4, 14, 45)],
  ["UTC", "2026-11-23T15:02:11", Date.UTC(2026, 10, 23, 15, 2, 11)],
])("local time in %s", (zone, text, expected) => {
  const before = process.env.TZ;
  beforeEach(() => {
    process.env.TZ = zone;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });
  it(`a time of day without a zone (${text}) is its first moment in ${zone}`, () => {
    expect(local(text)).toBe(expected);
  });
  it(`a time that has a zone is read without regard to the local zone ${zone}`, () => {
    expect(local("2026-11-23T16:02:11+01:00")).toBe(Date.UTC(2026, 10, 23, 15, 2, 11));
  });
});

it("the expiry is read in the form of .NET", () => {
  expect(local("/Date(1795446131000)/")).toBe(1_795_446_131_000);
});

it.each(["", "soon", "2026-11-23", "23.11.2026 16:02:11", "11/23/2026 4:02:11 PM", "16:02:11"])(
  "the expiry is unknown where the text is %j",
  (text) => {
    expect(local(text)).toBeUndefined();
  },
);
