import { type SourceContext, services, type TokenStore } from "@azidentity/core/plugin";
import cachePersist from "@azidentity/plugin-cache-persist";

/** Of everything that a store is given it uses these. */
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

/** 32 bytes that are no secret. */
export const key = Buffer.alloc(32, 7).toString("base64");

/** A store of the plugin by itself, without a core in front of it. */
export async function openStore(name: "file" | "redis", options: object): Promise<TokenStore> {
  const provider = cachePersist.services.find((one) => one.token === services.tokenStore && one.name === name);
  return provider?.create({ key, ...options } as never, context) as Promise<TokenStore>;
}

/** What the core stores of a token of usual length. */
export const storedToken = new TextEncoder().encode(JSON.stringify({ version: 1, token: "t".repeat(1_600) }));
export const inAnHour = () => Date.now() + 3_600_000;
