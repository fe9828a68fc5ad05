type KeyText = string | Uint8Array;

/** The options of a store for its keys. */
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

/** The same, for `defineOptions`. */
export const keyOptions = {
  key: {
    type: "union",
    of: [{ type: "string" }, { type: "function" }],
    secret: true,
    as: {} as string | (() => string | Uint8Array | Promise<string | Uint8Array>),
    description:
      "32 bytes in base64 or hex, or a function that returns them. Default: AZIDENTITY_CACHE_KEY, else the OS keyring.",
  },
  previousKeys: {
    type: "array",
    items: { type: "string" },
    secret: true,
    description:
      "Earlier keys, which still open entries. Default: AZIDENTITY_CACHE_PREVIOUS_KEYS, separated by commas.",
  },
} as const;
