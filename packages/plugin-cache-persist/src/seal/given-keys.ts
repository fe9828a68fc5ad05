import type { SourceContext } from "@azidentity/core/plugin";
import { type Keys, readKey } from "./keys.ts";

type KeyText = string | Uint8Array;

/** The options of both stores about their keys. */
export interface KeyOptions {
  readonly key?: KeyText | (() => KeyText | Promise<KeyText>);
  readonly previousKeys?: readonly string[];
}

/** The keys that the config or the environment gives; `undefined` when neither has one. */
export async function givenKeys(
  { key, previousKeys = [] }: KeyOptions,
  env: SourceContext["env"],
): Promise<Keys | undefined> {
  const current = typeof key === "function" ? await key() : (key ?? env.AZIDENTITY_CACHE_KEY);
  if (current === undefined) return undefined;
  const listed = env.AZIDENTITY_CACHE_PREVIOUS_KEYS?.split(",") ?? [];
  return [readKey(current), ...[...previousKeys, ...listed].map(readKey)];
}
