import type { SourceContext } from "@azidentity/core/plugin";
import { type Key, readKey } from "./keys.ts";

type KeyText = string | Uint8Array;

/** The options of both stores about their keys. */
export interface KeyOptions {
  readonly key?: KeyText | (() => KeyText | Promise<KeyText>);
  readonly previousKeys?: readonly string[];
}

/** What seals, and what still opens what it sealed. */
export interface GivenKeys {
  /** `undefined`: it is elsewhere, in a keyring. */
  readonly current: Key | undefined;
  readonly previous: readonly Key[];
}

/** The keys that the config or the environment gives. */
export async function givenKeys({ key, previousKeys = [] }: KeyOptions, env: SourceContext["env"]): Promise<GivenKeys> {
  const current = typeof key === "function" ? await key() : (key ?? env.AZIDENTITY_CACHE_KEY);
  const listed = env.AZIDENTITY_CACHE_PREVIOUS_KEYS?.split(",").filter((one) => one.trim() !== "") ?? [];
  return {
    current: current === undefined ? undefined : readKey(current),
    previous: [...previousKeys, ...listed].map(readKey),
  };
}
