import type { HttpResponse } from "../contract/system-services.ts";

/**
 * What an answer says about when to ask again, in milliseconds from `now`; `undefined` when it says
 * nothing usable.
 */
export function retryAfterMs(headers: HttpResponse["headers"], now: number): number | undefined {
  const exact = headers["retry-after-ms"] ?? headers["x-ms-retry-after-ms"];
  if (exact !== undefined && /^\d{1,12}$/.test(exact)) return Number(exact);
  const value = headers["retry-after"]?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = /^[A-Z][a-z]{2},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
