import type { Plugin } from "rolldown";

/**
 * Makes the file with cosmiconfig's loaders an ES module that has the loader of YAML alone, as it
 * is written there. The loaders of programs call `require` and `import()` with the path of a file,
 * of which webpack warns, and bundlers cannot leave out parts of a CommonJS file; nor can they
 * follow its `require("js-yaml")` from an ES module.
 */
export const yamlLoaderAlone: Plugin = {
  name: "yaml-loader-alone",
  transform(code, id) {
    if (!/\/cosmiconfig\/dist\/loaders\.js$/.test(id.replaceAll("\\", "/"))) return null;
    const [, loader] = /^const loadYaml = (function .+?^};)$/ms.exec(code) ?? [];
    const [before, after, ...others] = loader?.split("require('js-yaml')") ?? [];
    if (after === undefined || others.length > 0)
      throw new Error(`${id} has no loadYaml that requires js-yaml once. Change tools/yaml-loader-alone.ts.`);
    return `import { load } from "js-yaml";\nlet yaml;\nexport const loadYaml = ${before}{ load }${after}\n`;
  },
};
