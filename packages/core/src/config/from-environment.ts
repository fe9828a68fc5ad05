import { findMisspelling } from "../util/suggest.ts";
import type { IdentityConfig } from "./define.ts";
import { parseConfig } from "./parse.ts";

/** Settings that an operator overrides without changing a file. Lists are separated by commas. */
const variables: Readonly<Record<string, (text: string) => object>> = {
  AZIDENTITY_CHAIN: (text) => ({ chain: splitList(text) }),
  AZIDENTITY_MODE: (mode) => ({ mode }),
  AZIDENTITY_TENANT_ID: (tenantId) => ({ tenantId }),
  AZIDENTITY_CLOUD: (cloud) => ({ cloud }),
  AZIDENTITY_AUTHORITY_HOST: (authorityHost) => ({ authorityHost }),
  AZIDENTITY_LOG_LEVEL: (level) => ({ log: { level } }),
};

/** The items of a comma-separated list, without blanks and empty items. */
export function splitList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** The config that the `AZIDENTITY_*` variables set, checked like any other. */
export function configFromEnvironment(env: Readonly<Record<string, string | undefined>>): IdentityConfig {
  const read = Object.entries(variables).flatMap(([name, toConfig]) => {
    const text = env[name];
    return text === undefined ? [] : [parseConfig(toConfig(text), undefined, `The variable ${name}`)];
  });
  return Object.assign({}, ...read);
}

/** Variables that are read elsewhere. */
const others = [
  "AZIDENTITY_CONFIG",
  "AZIDENTITY_PROFILE",
  "AZIDENTITY_CACHE_KEY",
  "AZIDENTITY_CACHE_PREVIOUS_KEYS",
] as const;

/**
 * A warning for an `AZIDENTITY_*` variable that is not read, and resembles one that is.
 *
 * @param ofSources the variables of single sources
 */
export function misspelledSetting(
  env: Readonly<Record<string, string | undefined>>,
  ofSources: readonly string[],
): string | undefined {
  const known = [...Object.keys(variables), ...others, ...ofSources];
  const found = findMisspelling(env, known, known);
  return found && `The variable ${found.set} is not read. Did you mean ${found.meant}?`;
}
