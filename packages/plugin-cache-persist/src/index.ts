/**
 * A plugin for `@azidentity/core` with the token stores `file` and `redis`, which outlive the
 * process.
 */
import { defineOptions, definePlugin } from "@azidentity/core/plugin";
import { defineTokenStore, type TokenStoreProvider } from "@azidentity/core/store";
import type { FileOptions } from "./file/open.ts";
import { keyOptions } from "./key-options.ts";
import { msalPluginStore } from "./msal.ts";
import type { RedisClient } from "./redis/command.ts";
import type { RedisOptions } from "./redis/open.ts";

const name = {
  type: "string",
  description: "Caches with different names are separate. Default `default`.",
} as const;
/**
 * Token store `file`: encrypted files in the user's data directory, for the programs of one user on
 * one machine.
 */
export const fileStore: TokenStoreProvider<FileOptions> = defineTokenStore({
  name: "file",
  options: defineOptions({
    name,
    directory: {
      type: "string",
      description: "Folder for caches. Default: `azidentity` in the user's data directory.",
    },
    ...keyOptions,
    unsafeAllowUnencryptedStorage: {
      type: "boolean",
      unsafe: true,
      description:
        "If there is no keyring, store the key in a file next to the tokens. Default false; refused in production.",
    },
    sharedMsalCache: {
      type: "boolean",
      description: "Share users who signed in with other Azure tools (msal.cache). Default false.",
    },
  }),
  create: async (options, context) => (await import("./file/open.ts")).openFileStore(options, context),
});

/**
 * Token store `redis`: encrypted values in Redis, for the processes of one application on many
 * machines.
 */
export const redisStore: TokenStoreProvider<RedisOptions> = defineTokenStore({
  name: "redis",
  options: defineOptions({
    name,
    url: {
      type: "union",
      of: [{ type: "string" }, { type: "array", items: { type: "string" } }],
      secret: true,
      as: {} as string | readonly string[],
      description: "redis:// or rediss:// URL with user and password; a list has the nodes of a cluster.",
    },
    cluster: {
      type: "boolean",
      description: "Whether the URL is that of a cluster. Default: if there are several URLs.",
    },
    client: {
      type: "any",
      as: {} as RedisClient,
      description: "A connected client of node-redis or ioredis, instead of a URL.",
    },
    timeoutMs: {
      type: "number",
      description: "Timeout of a command, in milliseconds; after it tokens are acquired without Redis. Default 500.",
    },
    ...keyOptions,
  }),
  create: async (options, context) => (await import("./redis/open.ts")).openRedisStore(options, context),
});

/**
 * Add it to `plugins` of a config, or name the package there, and choose a store: `cache: { store:
 * "file" }`.
 */
export const cachePersist = definePlugin({
  name: "@azidentity/plugin-cache-persist",
  services: [fileStore, redisStore, msalPluginStore],
});
export default cachePersist;
export type { FileOptions } from "./file/open.ts";
export type { KeyOptions } from "./key-options.ts";
export { type MsalCacheContext, type MsalCachePlugin, type MsalPluginOptions, msalPluginStore } from "./msal.ts";
export type { RedisClient } from "./redis/command.ts";
export type { RedisOptions } from "./redis/open.ts";
