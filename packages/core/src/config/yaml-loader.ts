/**
 * cosmiconfig's loader of YAML alone: an import of the whole package has loaders that require files
 * by names which bundlers cannot know. `tools/yaml-loader-alone.ts` has the other half of it.
 */
export { loadYaml } from "cosmiconfig/dist/loaders.js";
