import { outcomeError, type SourceContext } from "@azidentity/core/plugin";
import { type Key, readKey } from "./seal/keys.ts";

type KeyText = string | Uint8Array;

/** The options of both stores for their keys. */
export interface KeyOptions {
  /**
   * 32 bytes in base64 or hex, or a function that returns them. Default: AZIDENTITY_CACHE_KEY, else
   * the keyring of the operating system.
   */
  readonly key?: KeyText | (() => KeyText | Promise<KeyText>);
  /**
   * Keys that still open what they have sealed. Default: AZIDENTITY_CACHE_PREVIOUS_KEYS, a list
   * with commas.
   */
  readonly previousKeys?: readonly string[];
}

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
