import { type SourceContext, services, type TokenStore } from "@azidentity/core/plugin";
import cachePersist from "@azidentity/plugin-cache-persist";

/** The part of the context that stores use. */
const silent = () => {};
const context = {
  env: {},
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        const onAbort = () => {
          clearTimeout(timer);
          reject(signal.reason);
        };
        signal.addEventListener("abort", onAbort, { once: true });
      }),
  },
  log: { error: silent, warn: silent, info: silent, debug: silent },
} as unknown as SourceContext;

/** A key that is not secret. */
export const key = Buffer.alloc(32, 7).toString("base64");

/** A store of the plugin, without core. */
export async function openStore(name: "file" | "redis", options: object): Promise<TokenStore> {
  const provider = cachePersist.services.find((one) => one.token === services.tokenStore && one.name === name);
  return provider?.create({ key, ...options } as never, context) as Promise<TokenStore>;
}

/** What core stores for a token of usual length. */
export const storedToken = new TextEncoder().encode(JSON.stringify({ version: 1, token: "t".repeat(1_600) }));
export const inAnHour = () => Date.now() + 3_600_000;
