/** Tokens that outlive the process: a plugin for `@azidentity/core` with the stores `file` and `redis`. */
import { defineOptions, definePlugin, type ServiceProvider, services, type TokenStore } from "@azidentity/core/plugin";
import type { FileOptions } from "./file/open.ts";
import type { RedisClient } from "./redis/command.ts";
import type { RedisOptions } from "./redis/open.ts";

const name = {
  type: "string",
  description: "Caches of different names never see each other. Default `default`.",
} as const;
const keys = {
  key: {
    type: "union",
    of: [{ type: "string" }, { type: "function" }],
    secret: true,
    as: {} as string | (() => string | Uint8Array | Promise<string | Uint8Array>),
    description:
      "32 bytes in base64 or hex, or a function that brings them. Default AZIDENTITY_CACHE_KEY, else the OS keyring.",
  },
  previousKeys: {
    type: "array",
    items: { type: "string" },
    secret: true,
    description: "Keys that still open what they sealed. Default AZIDENTITY_CACHE_PREVIOUS_KEYS, a comma list.",
  },
} as const;

/** Encrypted files in the user's data directory, for the programs of one user on one machine. */
export const fileStore: ServiceProvider<TokenStore, FileOptions> = {
  token: services.tokenStore,
  name: "file",
  options: defineOptions({
    name,
    directory: {
      type: "string",
      description: "Folder of the caches. Default: `azidentity` in the user's data directory.",
    },
    ...keys,
    unsafeAllowUnencryptedStorage: {
      type: "boolean",
      unsafe: true,
      description:
        "Where there is no keyring, keep the key in a file beside the tokens. Default false; refused in production.",
    },
    sharedMsalCache: {
      type: "boolean",
      description: "Share sign-ins of users with the other Azure tools of this user (msal.cache). Default false.",
    },
  }),
  create: async (options, context) => (await import("./file/open.ts")).openFileStore(options, context),
};

/** Sealed values in Redis, for the processes of one application on many machines. */
export const redisStore: ServiceProvider<TokenStore, RedisOptions> = {
  token: services.tokenStore,
  name: "redis",
  options: defineOptions({
    name,
    url: {
      type: "union",
      of: [{ type: "string" }, { type: "array", items: { type: "string" } }],
      secret: true,
      as: {} as string | readonly string[],
      description: "redis:// or rediss:// with user and password; several are nodes of a cluster.",
    },
    cluster: { type: "boolean", description: "Whether the URL leads to a cluster. Default: when there are several." },
    client: {
      type: "any",
      as: {} as RedisClient,
      description: "A client of node-redis or ioredis that is connected already, instead of a URL.",
    },
    timeoutMs: { type: "number", description: "Milliseconds after which Redis is done without. Default 500." },
    ...keys,
  }),
  create: async (options, context) => (await import("./redis/open.ts")).openRedisStore(options, context),
};

/** Put it into `plugins` of a config, or name the package there; choose a store with `cache: { store: "file" }`. */
export const cachePersist = definePlugin({
  name: "@azidentity/plugin-cache-persist",
  services: [fileStore, redisStore],
});
export default cachePersist;
export type { FileOptions } from "./file/open.ts";
export type { RedisClient } from "./redis/command.ts";
export type { RedisOptions } from "./redis/open.ts";
export type { KeyOptions } from "./seal/given-keys.ts";
