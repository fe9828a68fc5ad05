import { outcomeError, type SourceContext } from "@azidentity/core/plugin";
import type { IPersistence } from "@azure/msal-node-extensions";
import { createTurns } from "../turns.ts";
import { parseUnifiedCache, type UnifiedCache } from "./unified-cache.ts";

/** The cache that the Azure Identity libraries of this user share. */
export interface SharedCache {
  read(): Promise<UnifiedCache>;
  /** Under the lock that all of them take. Nothing is written when `change` answers what it was given. */
  change(change: (cache: UnifiedCache) => UnifiedCache): Promise<void>;
}

/** What the libraries call it, without continuous access evaluation. */
const name = "msal.cache.nocae";
const item = { service: "Microsoft.Developer.IdentityService", account: "MSALCache" };
/** Longer than anybody holds it who lives. The lock of one who was killed stays for good, and then nothing is shared. */
const lock = { retryNumber: 40, retryDelay: 50 };

type Extensions = typeof import("@azure/msal-node-extensions");
type Context = Parameters<InstanceType<Extensions["PersistenceCachePlugin"]>["beforeCacheAccess"]>[0];

async function loadExtensions(): Promise<Extensions> {
  try {
    return await import("@azure/msal-node-extensions");
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
  throw outcomeError("misconfigured", "There is no home folder, so there is no cache that tools share.", {
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
 * What is there to be changed. libsecret answers "nothing" for a keyring that is locked and whose prompt was dismissed; written back, that
 * would replace the sign-ins of all tools by ours. So "nothing" counts after something else could be written and read in the same place.
 */
async function loadForChange(persistence: IPersistence, loaded: string | undefined): Promise<UnifiedCache> {
  let text = loaded;
  if (!text) {
    const trial = await persistence.createForPersistenceValidation();
    const nonce = process.getBuiltinModule("node:crypto").randomUUID();
    await trial.save(nonce);
    const back = await trial.load();
    await trial.delete();
    if (back !== nonce) throw unreadable("it does not give back what it was given");
    text = (await persistence.load()) ?? undefined;
  }
  if (!text) return {};
  const cache = parseUnifiedCache(text);
  if (cache === undefined) throw unreadable("what it holds is no cache of MSAL");
  return cache;
}

function unreadable(reason: string) {
  return outcomeError("failed", `The cache that tools share cannot be read (${reason}), so it stays as it is.`, {
    code: "shared-cache-unavailable",
    remedy: "Unlock the keyring, or sign in again with the tool that keeps it.",
  });
}

/** Where Microsoft's library keeps it: sealed by DPAPI on Windows, in the Keychain of macOS, in the Secret Service of Linux. */
export async function openSharedCache(env: SourceContext["env"], platform: NodeJS.Platform): Promise<SharedCache> {
  const { join } = process.getBuiltinModule("node:path");
  const path = join(directoryOf(env, platform), name);
  const extensions = await loadExtensions();
  const persistence = await persistenceOf(extensions, path, platform);
  const turns = createTurns();
  return {
    read: async () => parseUnifiedCache(await persistence.load()) ?? {},
    change: (change) =>
      turns("change", async () => {
        let loaded: string | undefined;
        let cache: UnifiedCache = {};
        const context = {
          cacheHasChanged: true, // keeps the lock until afterwards
          tokenCache: {
            deserialize(text: string) {
              loaded = text;
            },
            serialize: () => JSON.stringify(cache),
          },
        };
        const plugin = new extensions.PersistenceCachePlugin(persistence, lock); // one that was used before would not read again
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
