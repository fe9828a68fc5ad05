import { expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

const headers: readonly (readonly [Record<string, string>, number | undefined])[] = [
  [{}, undefined],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "7" }, 7_000],
  [{ "retry-after": " 7 " }, 7_000],
  [{ "retry-after": "Thu, 01 Jan 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Thu, 01 Jan 2026 11:00:00 GMT" }, 0],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "1.5" }, undefined],
  [{ "retry-after": "abc" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{ "retry-after": "2026" }, 2_026_000],
  [{ "retry-after": "2026-01-01T13:00:00Z" }, undefined],
  [{ "retry-after": "Thu, 99 Foo 2026" }, undefined],
  [{ "retry-after": "1000000000" }, undefined],
  [{ "retry-after": "9".repeat(10_000) }, undefined],
  [{ "retry-after-ms": "250" }, 250],
  [{ "x-ms-retry-after-ms": "250" }, 250],
  [{ "retry-after-ms": "250", "x-ms-retry-after-ms": "1", "retry-after": "9" }, 250],
  [{ "retry-after-ms": "soon", "retry-after": "9" }, 9_000],
];
it.each(headers)("Retry-After %j is read as %s ms", (given, expected) => {
  expect(retryAfterMs(given, now)).toBe(expected);
});
