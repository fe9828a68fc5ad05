/**
 * What an identity loads on first use: one module, because a bundler pays for each target of an
 * `import()`.
 */
import { nodePlatform } from "../services/http.ts";
import { type FirstUse, loadRuntime as load } from "./load-runtime.ts";

export { derive } from "./derive.ts";

export const loadRuntime: FirstUse["loadRuntime"] = (...args) => load(nodePlatform(), ...args);
