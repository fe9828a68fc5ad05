import { type IdentityError, outcomeError } from "@azidentity/core/plugin";
import type { Env } from "./machine.ts";

/** Addresses and names that only machines nearby have: plain HTTP may go there. */
const nearby = [
  /^(?:.+\.)?localhost$/,
  /^[^.:[\]]+$/, // a name without a dot
  /\.(?:internal|local|svc)$/,
  /^(?:127|10)(?:\.\d+){3}$/,
  /^(?:192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d+){2}$/,
  /^\[(?:::1|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]$/,
];

const isNearby = (hostname: string) => nearby.some((form) => form.test(hostname));

/** Whether an address is this machine's own. */
export const isLoopback = (hostname: string) => /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** The URL that a variable holds. Its value is never shown: it may hold what is nobody's business. */
export function readEndpoint(who: string, env: Env, name: string): URL {
  const text = env[name]?.trim() ?? "";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || text.includes("\\")) {
    throw malformed(who, name, "is not the URL of a token endpoint");
  }
  if (url.username !== "" || url.password !== "") throw malformed(who, name, "holds a user name or password");
  if (url.hash !== "") throw malformed(who, name, "has a fragment");
  if (url.protocol === "http:" && !isNearby(url.hostname)) {
    throw malformed(who, name, "would send secrets and tokens over plain HTTP to a machine that is not nearby");
  }
  return url;
}

export function malformed(who: string, name: string, problem: string): IdentityError {
  return outcomeError("misconfigured", `${who}: ${name} ${problem}.`, {
    code: "malformed-endpoint",
    remedy: "The host sets this variable; unset it where nobody gives tokens.",
  });
}

/** The URL with parameters added to those it has. */
export function withQuery(url: URL, parameters: Readonly<Record<string, string | undefined>>): string {
  const result = new URL(url);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) result.searchParams.set(name, value);
  return result.href;
}
