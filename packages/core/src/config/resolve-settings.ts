import type { ExpectedPrincipal, IdentityConfig } from "./define.ts";
import { type ReferenceScope, resolveReferences } from "./references.ts";

/** A config whose own settings have their references looked up; those in options are looked up when they are used. */
export type ResolvedConfig = Omit<IdentityConfig, Referable> & {
  readonly tenantId?: string | null;
  readonly authorityHost?: string;
  readonly additionallyAllowedTenants?: readonly string[];
  readonly expect?: { readonly [K in keyof ExpectedPrincipal]: string };
  readonly http?: { readonly caFile?: string };
};

const referable = ["tenantId", "authorityHost", "additionallyAllowedTenants", "expect", "http"] as const;
type Referable = (typeof referable)[number];

/** Looks up the references in the core's own settings. */
export function resolveSettings(config: IdentityConfig, scope: ReferenceScope): ResolvedConfig {
  const own = referable.filter((key) => config[key] !== undefined);
  const resolved = own.map((key) => [key, resolveReferences(config[key], scope, key)]);
  return { ...config, ...Object.fromEntries(resolved) } as ResolvedConfig;
}
