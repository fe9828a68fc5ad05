import { expect } from "vitest";
import { compare } from "./compare.ts";
import { ann, app, contoso, desktop, scope, secret } from "./directory.ts";
import { requestCount } from "./wire.ts";
import type { World } from "./world.ts";

/** What MSAL hands to the plugin of a cache. */
interface CacheContext {
  readonly cacheHasChanged: boolean;
  readonly tokenCache: { serialize(): string; deserialize(text: string): void };
}
interface Context {
  readonly cachePluginControl: { setPersistence(factory: unknown): void };
  readonly nativeBrokerPluginControl: object;
  readonly vsCodeCredentialControl: object;
}

/** A home-made plugin, which keeps the caches as texts by name. */
function memoryPlugin() {
  const texts = new Map<string, string>();
  const asked: Record<string, unknown>[] = [];
  const plugin = (context: unknown) =>
    (context as Context).cachePluginControl.setPersistence(async (options: Record<string, unknown>) => {
      asked.push(options);
      const name = String(options.name);
      return {
        async beforeCacheAccess({ tokenCache }: CacheContext) {
          tokenCache.deserialize(texts.get(name) ?? "");
        },
        async afterCacheAccess({ cacheHasChanged, tokenCache }: CacheContext) {
          if (cacheHasChanged) texts.set(name, tokenCache.serialize());
        },
      };
    });
  return { plugin, texts, asked };
}

/** Uses a plugin, and takes it out again. */
async function withPlugin<T>(
  { identity }: World,
  use: (memory: ReturnType<typeof memoryPlugin>) => Promise<T>,
): Promise<T> {
  const memory = memoryPlugin();
  identity.useIdentityPlugin(memory.plugin);
  try {
    return await use(memory);
  } finally {
    identity.useIdentityPlugin((context) => (context as Context).cachePluginControl.setPersistence(undefined));
  }
}

const cached = ({ create, entra }: World, options: object = {}) =>
  create("ClientSecretCredential", contoso, app.clientId, secret, {
    ...entra,
    tokenCachePersistenceOptions: { enabled: true, ...options },
  });

compare("Plugins", [
  {
    behaviour: "useIdentityPlugin calls the plugin at once with the controls of cache, broker and VS Code",
    run({ identity }) {
      const seen: unknown[] = [];
      const result = identity.useIdentityPlugin((context) => {
        const { cachePluginControl, nativeBrokerPluginControl, vsCodeCredentialControl } = context as Context;
        seen.push(
          typeof cachePluginControl.setPersistence,
          Object.keys(nativeBrokerPluginControl).sort(),
          Object.keys(vsCodeCredentialControl).sort(),
        );
      });
      return { seen, result };
    },
    expected: {
      seen: ["function", ["setNativeBroker"], expect.arrayContaining(["setVSCodeAuthRecordPath", "setVSCodeBroker"])],
      result: undefined,
    },
  },
  {
    behaviour: "A home-made cache is asked for the caches with and without CAE",
    run: (world) =>
      withPlugin(world, async ({ asked }) => {
        await cached(world).getToken(scope);
        return [...new Set(asked.map(({ name }) => name))].sort();
      }),
    expected: ["msal.cache.cae", "msal.cache.nocae"],
  },
  {
    behaviour: "A home-made cache keeps the token for a later credential",
    run: (world) =>
      withPlugin(world, async ({ texts }) => {
        const first = await cached(world).getToken(scope);
        const second = await cached(world).getToken(scope);
        const kept = [...texts.values()].every((text) => Object.keys(JSON.parse(text)).length > 0);
        return { same: first.token === second.token, requests: requestCount(world.emulator), kept };
      }),
    expected: {
      same: true,
      requests: 1,
      kept: true,
    },
  },
  {
    behaviour: "A home-made cache returns the token of an application, also to a credential with a wrong secret",
    run: (world) =>
      withPlugin(world, async () => {
        const first = await cached(world).getToken(scope);
        const wrong = world.create("ClientSecretCredential", contoso, app.clientId, "wrong", {
          ...world.entra,
          tokenCachePersistenceOptions: { enabled: true },
        });
        return { same: (await wrong.getToken(scope)).token === first.token, requests: requestCount(world.emulator) };
      }),
    expected: { same: true, requests: 1 },
  },
  {
    behaviour: "A home-made cache keeps the sign-in of a user",
    run: (world) =>
      withPlugin(world, async () => {
        const options = { ...world.entra, tenantId: contoso, clientId: desktop.clientId };
        const persistent = { ...options, tokenCachePersistenceOptions: { enabled: true } };
        world.emulator.faults.add({ path: "devicecode", times: 9, rewrite: { interval: 0 } });
        let prompts = 0;
        const userPromptCallback = () => {
          prompts++;
          world.emulator.approveDevices(ann.username);
        };
        const first = world.create("DeviceCodeCredential", { ...persistent, userPromptCallback });
        const authenticationRecord = await first.authenticate(scope);
        const second = world.create("DeviceCodeCredential", {
          ...persistent,
          userPromptCallback,
          authenticationRecord,
        });
        await second.getToken(scope);
        return prompts;
      }),
    expected: 1,
  },
  {
    behaviour: "A cache that is not enabled is not asked for",
    run: (world) =>
      withPlugin(world, async ({ asked }) => {
        await cached(world, { enabled: false }).getToken(scope);
        return asked.length;
      }),
    expected: 0,
  },
]);
