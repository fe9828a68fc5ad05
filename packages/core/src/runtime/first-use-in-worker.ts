/**
 * What an identity loads on first use in a Worker: `fetch` sends its requests, and the runtime
 * keeps the connections.
 */
import { shareInWorker } from "../async/share-in-worker.ts";
import { createFetchHttp } from "../services/fetch-http.ts";
import type { Platform } from "../services/platform.ts";
import { derive } from "./derive.ts";
import { type FirstUse, loadRuntime } from "./load-runtime.ts";

const workerPlatform: Platform = { http: createFetchHttp, close: () => undefined, share: shareInWorker };

export const firstUse: FirstUse = { loadRuntime: (...args) => loadRuntime(workerPlatform, ...args), derive };
