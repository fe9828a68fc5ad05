import { outcomeError, type SourceContext } from "@azidentity/core/plugin";
import type { IPersistence } from "@azure/msal-node-extensions";
import { importOptional } from "../optional-package.ts";
import { createSerialQueue } from "../serial-queue.ts";
import { passesSelfTest } from "../storage-checks.ts";
import { parseUnifiedCache, type UnifiedCache } from "./unified-cache.ts";

/** The cache that the Azure Identity libraries of this user share. */
export interface SharedCache {
  read(): Promise<UnifiedCache>;
  /** Runs under the lock that all of them use. Writes nothing if `change` returns its argument. */
  change(change: (cache: UnifiedCache) => UnifiedCache): Promise<void>;
}

/** The libraries' name for the cache of tokens without Continuous Access Evaluation. */
const name = "msal.cache.nocae";
const item = { service: "Microsoft.Developer.IdentityService", account: "MSALCache" };
/**
 * Two seconds, longer than a running tool holds the lock. A tool that is killed leaves its lock,
 * and then users are not shared.
 */
const lock = { retryNumber: 40, retryDelay: 50 };

type Extensions = typeof import("@azure/msal-node-extensions");
type Context = Parameters<InstanceType<Extensions["PersistenceCachePlugin"]>["beforeCacheAccess"]>[0];

async function loadExtensions(): Promise<Extensions> {
  try {
    return await importOptional<Extensions>("@azure/msal-node-extensions");
  } catch (cause) {
    throw outcomeError("not-installed", "@azure/msal-node-extensions cannot be loaded.", {
      code: "shared-cache-unavailable",
      remedy: 'Run: npm install @azure/msal-node-extensions, with keytar overridden by "npm:@github/keytar@^7.10.6".',
      cause,
    });
  }
}

function directoryOf(env: SourceContext["env"], platform: NodeJS.Platform): string {
  const home = platform === "win32" ? env.LOCALAPPDATA : env.HOME;
  if (home !== undefined) return process.getBuiltinModule("node:path").join(home, ".IdentityService");
  throw outcomeError("misconfigured", "There is no home folder, so there is no shared cache.", {
    code: "shared-cache-unavailable",
    remedy: `Set ${platform === "win32" ? "LOCALAPPDATA" : "HOME"}.`,
  });
}

async function persistenceOf(extensions: Extensions, path: string, platform: NodeJS.Platform): Promise<IPersistence> {
  const { service, account } = item;
  if (platform === "win32") {
    return extensions.FilePersistenceWithDataProtection.create(path, extensions.DataProtectionScope.CurrentUser);
  }
  if (platform === "darwin") return extensions.KeychainPersistence.create(path, service, account);
  return extensions.LibSecretPersistence.create(path, service, account);
}

/**
 * The cache before a change. For a locked keyring whose prompt was dismissed, libsecret returns no
 * text; taken for an empty cache, it would be replaced by ours and the sign-ins of all tools would
 * be lost. So an empty cache counts only after the keyring has passed a self test.
 */
async function loadForChange(persistence: IPersistence, loaded: string | undefined): Promise<UnifiedCache> {
  let text = loaded;
  if (!text) {
    const trial = await persistence.createForPersistenceValidation();
    const passed = await passesSelfTest({
      write: (value) => trial.save(value),
      read: () => trial.load(),
      remove: () => trial.delete(),
    });
    if (!passed) throw unreadable("a value that was written could not be read back");
    text = (await persistence.load()) ?? undefined;
  }
  if (!text) return {};
  const cache = parseUnifiedCache(text);
  if (cache === undefined) throw unreadable("its contents are not a cache of MSAL");
  return cache;
}

function unreadable(reason: string) {
  return outcomeError("failed", `The cache that tools share cannot be read (${reason}), so it is left unchanged.`, {
    code: "shared-cache-unavailable",
    remedy: "Unlock the keyring, or sign in again with the other tool.",
  });
}

/**
 * Opens the cache where Microsoft's library stores it: encrypted by DPAPI on Windows, in the
 * Keychain on macOS, in the Secret Service on Linux.
 */
export async function openSharedCache(env: SourceContext["env"], platform: NodeJS.Platform): Promise<SharedCache> {
  const { join } = process.getBuiltinModule("node:path");
  const path = join(directoryOf(env, platform), name);
  const extensions = await loadExtensions();
  const persistence = await persistenceOf(extensions, path, platform);
  const queue = createSerialQueue();
  return {
    read: async () => parseUnifiedCache(await persistence.load()) ?? {},
    change: (change) =>
      queue("change", async () => {
        let loaded: string | undefined;
        let cache: UnifiedCache = {};
        const context = {
          cacheHasChanged: true, // keeps the lock until afterCacheAccess
          tokenCache: {
            deserialize(text: string) {
              loaded = text;
            },
            serialize: () => JSON.stringify(cache),
          },
        };
        const plugin = new extensions.PersistenceCachePlugin(persistence, lock); // a used one would not read again
        try {
          await plugin.beforeCacheAccess(context as unknown as Context);
          cache = await loadForChange(persistence, loaded);
          const changed = change(cache);
          context.cacheHasChanged = changed !== cache;
          cache = changed;
        } catch (error) {
          context.cacheHasChanged = false;
          throw error;
        } finally {
          await plugin.afterCacheAccess(context as unknown as Context);
        }
      }),
  };
}
