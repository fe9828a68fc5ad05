import { type IdentityError, outcomeError } from "@azidentity/core/plugin";
import type { Env } from "./machine.ts";

/** Hosts of this machine or a private network, where plain HTTP is accepted. */
const privateHosts = [
  /^(?:.+\.)?localhost$/,
  /^[^.:[\]]+$/, // a name without a dot
  /\.(?:internal|local|svc)$/,
  /^(?:127|10)(?:\.\d+){3}$/,
  /^(?:192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d+){2}$/,
  /^\[(?:::1|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]$/,
];

const isPrivate = (hostname: string) => privateHosts.some((form) => form.test(hostname));

/** Whether a host name is this machine's own. */
export const isLoopback = (hostname: string) => /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** The URL in a variable. Messages never contain the value: it may hold a secret. */
export function readEndpoint(label: string, env: Env, name: string): URL {
  const text = env[name]?.trim() ?? "";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || text.includes("\\")) {
    throw malformed(label, name, "is not the URL of a token endpoint");
  }
  if (url.username !== "" || url.password !== "") throw malformed(label, name, "holds a user name or password");
  if (url.hash !== "") throw malformed(label, name, "has a fragment");
  if (url.protocol === "http:" && !isPrivate(url.hostname)) {
    throw malformed(label, name, "would send secrets and tokens over plain HTTP to a public address");
  }
  return url;
}

const unset = "The host sets this variable; unset it where the program does not run on such a host.";

export function malformed(label: string, name: string, problem: string, remedy = unset): IdentityError {
  return outcomeError("misconfigured", `${label}: ${name} ${problem}.`, { code: "malformed-endpoint", remedy });
}

/** The URL with the parameters added to its query. */
export function withQuery(url: URL, parameters: Readonly<Record<string, string | undefined>>): string {
  const result = new URL(url);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) result.searchParams.set(name, value);
  return result.href;
}
