import { outcomeError, type SourceContext } from "@azidentity/core/plugin";
import type { KeyOptions } from "./key-options.ts";
import { type Key, type Keys, readKey } from "./seal/keys.ts";

export interface ConfiguredKeys {
  /** Seals and opens entries. `undefined`: none is configured, so a keyring has to provide it. */
  readonly current: Key | undefined;
  /** Only open entries that they sealed earlier. */
  readonly previous: readonly Key[];
}

/** The keys of the config, else of the environment. */
export async function configuredKeys(
  { key, previousKeys = [] }: KeyOptions,
  env: SourceContext["env"],
): Promise<ConfiguredKeys> {
  const current = typeof key === "function" ? await key() : (key ?? env.AZIDENTITY_CACHE_KEY);
  const listed = env.AZIDENTITY_CACHE_PREVIOUS_KEYS?.split(",").filter((one) => one.trim() !== "") ?? [];
  return {
    current: current === undefined ? undefined : readKey(current),
    previous: [...previousKeys, ...listed].map(readKey),
  };
}

/** The same, where no keyring can provide a key. */
export async function requireKeys(options: KeyOptions, env: SourceContext["env"]): Promise<Keys> {
  const { current, previous } = await configuredKeys(options, env);
  if (current !== undefined) return [current, ...previous];
  throw outcomeError("misconfigured", "The token store has no key to encrypt tokens.", {
    code: "no-store-key",
    remedy: "Set the same key on every machine in AZIDENTITY_CACHE_KEY (openssl rand -base64 32).",
  });
}

const namePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/**
 * Throws unless the name is safe in paths and Redis keys. It is also part of the authenticated data
 * of each entry.
 */
export function checkCacheName(name: string): void {
  if (namePattern.test(name)) return;
  throw outcomeError(
    "misconfigured",
    "The name of a token store has to be lower-case letters, digits, dots and dashes.",
    { code: "invalid-store-name", remedy: "Choose a name such as `my-tool`." },
  );
}
