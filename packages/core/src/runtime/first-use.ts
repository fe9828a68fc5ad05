/** What an identity loads on first use: one module, because a bundler pays for each target of an `import()`. */

export { derive } from "./derive.ts";
export { loadRuntime } from "./load-runtime.ts";
