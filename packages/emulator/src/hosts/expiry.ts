import { decodeJwt } from "jose";
import type { JsonObject } from "../http/message.ts";

interface Lifetime {
  /** Seconds since 1970-01-01 UTC. */
  readonly now: number;
  /** Seconds since 1970-01-01 UTC. */
  readonly expiresOn: number;
}

/** The forms in which hosts were seen to say how long a token lives, and some in which none should, by name. */
const forms = {
  seconds: ({ expiresOn }: Lifetime) => ({ expires_on: expiresOn }),
  "seconds-text": ({ expiresOn }: Lifetime) => ({ expires_on: String(expiresOn) }),
  "iso-8601": ({ expiresOn }: Lifetime) => ({
    expires_on: new Date(expiresOn * 1000).toISOString().replace(".000", ""),
  }),
  "us-date": ({ expiresOn }: Lifetime) => ({ expires_on: toUsDate(expiresOn, true) }),
  "us-date-24-hour": ({ expiresOn }: Lifetime) => ({ expires_on: toUsDate(expiresOn, false) }),
  "expires-in": ({ expiresOn, now }: Lifetime) => ({ expires_in: expiresOn - now }),
  "expires-in-text": ({ expiresOn, now }: Lifetime) => ({ expires_in: String(expiresOn - now) }),
  /** Seconds from now in the field of a time. */
  relative: ({ expiresOn, now }: Lifetime) => ({ expires_on: String(expiresOn - now) }),
  milliseconds: ({ expiresOn }: Lifetime) => ({ expires_on: String(expiresOn * 1000) }),
  past: ({ now }: Lifetime) => ({ expires_on: String(now - 1) }),
  none: () => ({}),
};

export type ExpiryForm = keyof typeof forms;

export const expiryForms: readonly string[] = Object.keys(forms);

/** The fields that tell the lifetime of the token in `body`, in this form and in no other. */
export function formatExpiry(form: ExpiryForm, body: JsonObject, now: number): JsonObject {
  const { exp: expiresOn = 0 } = decodeJwt(String(body.access_token));
  return {
    expires_on: undefined,
    expires_in: undefined,
    ext_expires_in: undefined,
    ...forms[form]({ now, expiresOn }),
  };
}

/** `1/2/2006 3:04:05 PM +00:00`, or `1/2/2006 15:04:05 +00:00`. */
function toUsDate(seconds: number, halfDays: boolean): string {
  const date = new Date(seconds * 1000);
  const hours = date.getUTCHours();
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  const time = `${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`;
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
  if (!halfDays) return `${day} ${hours}:${time} +00:00`;
  return `${day} ${hours % 12 || 12}:${time} ${hours < 12 ? "AM" : "PM"} +00:00`;
}
