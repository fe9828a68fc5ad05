import { ConfigurationError } from "../errors/errors.ts";
import type { IdentityConfig } from "./define.ts";

const hasPassword = (proxy: unknown) => typeof proxy === "string" && /^[^/@]*(?:\/\/)?[^/@]*:[^/]*@/.test(proxy);

/**
 * Refuses a proxy whose URL in a config file has a password.
 *
 * @throws {ConfigurationError} `inline-secret`
 */
export function refuseProxyPassword({ http, profiles = {} }: Pick<IdentityConfig, "http" | "profiles">, file: string) {
  const all = [
    ["http.proxy", http?.proxy],
    ...Object.entries(profiles).map(([name, profile]) => [`profiles.${name}.http.proxy`, profile.http?.proxy]),
  ] as const;
  const found = all.find(([, proxy]) => hasPassword(proxy));
  if (found === undefined) return;
  const path = String(found[0]);
  throw new ConfigurationError("inline-secret", `${path} in ${file} contains a password.`, {
    file,
    path,
    remedy: 'Write a reference instead, like { "env": "NAME" } or { "file": "path" }, or set `allowInlineSecrets`.',
  });
}
