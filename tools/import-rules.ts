import type { FactKind } from "./read-facts.ts";

/**
 * One row: in the files that match `files`, the targets of facts of these `kinds` must match
 * `only`, or must not match `never`. Patterns are regular expressions; `$1` stands for what the
 * first group of `files` has captured.
 */
export interface ImportRule {
  readonly name: string;
  readonly files: string;
  /** Whom the row binds. Default: source files alone. */
  readonly binds?: "sources" | "tests" | "both";
  readonly kinds: readonly FactKind[];
  readonly only?: string;
  readonly never?: string;
  readonly instead: string;
}

const runTime: FactKind[] = ["import", "dynamic"];
const any: FactKind[] = ["import", "dynamic", "type"];

/**
 * The layers of core, top to bottom. A folder imports itself and the layers below its own; folders
 * of one layer do not import each other. The files at the root of `src` are above all of them.
 */
const layers: readonly (readonly string[])[] = [
  ["runtime"],
  ["link"],
  ["store"],
  ["cache", "chain", "config", "services", "test-kit"],
  ["entra"],
  ["plugins"],
  ["options", "token"],
  ["async"],
  ["errors"],
  ["container", "util"],
  ["contract"],
];

const layerRules: ImportRule[] = layers.flatMap((layer, index) => {
  const below = layers.slice(index + 1).flat();
  return layer.map((folder) => ({
    name: `layer-${folder}`,
    files: `^packages/core/src/${folder}/`,
    kinds: any,
    only: `^(?!packages/)|^packages/core/src/(?:${[folder, ...below].join("|")})/`,
    instead: `${folder}/ imports itself and the layers below it (${below.join(", ") || "none"}); pass what is above as a value`,
  }));
});

/**
 * The shared folders of azid, top to bottom; above them stand the folders of its commands, which do
 * not import each other.
 */
const sharedOfCommands = [
  "project",
  "command-line",
  "scope",
  "prompts",
  "programs",
  "errors",
  "findings",
  "walks",
  "terminal",
] as const;
/** Files of azid that every folder of it may import. */
const basesOfCommands = "(?:host|exit-codes|version)\\.ts$";

const commandRules: ImportRule[] = [
  {
    name: "commands-apart",
    files: `^packages/cli/src/(?!(?:${sharedOfCommands.join("|")})/)([^/]+)/`,
    kinds: any,
    only: `^(?!packages/)|^packages/cli/src/(?:(?:$1|${sharedOfCommands.join("|")})/|${basesOfCommands})`,
    instead: "what two commands need moves to a shared folder of packages/cli/src",
  },
  ...sharedOfCommands.map((folder, index) => ({
    name: `layer-cli-${folder}`,
    files: `^packages/cli/src/${folder}/`,
    kinds: any,
    only: `^(?!packages/)|^packages/cli/src/(?:(?:${sharedOfCommands.slice(index).join("|")})/|${basesOfCommands})`,
    instead: `${folder}/ imports itself and the layers below it; pass what is above as a value`,
  })),
  {
    name: "cli-process-in-main",
    files: "^packages/cli/src/(?!main\\.ts$)",
    kinds: ["env", ...runTime],
    never: "^(?:process\\.env|node:process)$",
    instead: "read it from the Host that the command is handed",
  },
  {
    name: "cli-imports-entry-points",
    files: "^packages/cli/src/",
    kinds: any,
    never: "^@azure/",
    instead: "import core, plugins and the emulator by their names",
  },
];

export const importRules: readonly ImportRule[] = [
  ...layerRules,
  ...commandRules,
  {
    name: "contract-holds-types",
    files: "^packages/core/src/contract/",
    kinds: any,
    never: "^(?!packages/)",
    instead: "contract/ describes; what needs a library stands in a layer above",
  },
  {
    name: "core-imports-itself-by-path",
    files: "^packages/core/src/",
    kinds: any,
    never: "^@azidentity/",
    instead: "import the file that declares it",
  },
  {
    name: "core-without-azure",
    files: "^packages/core/src/",
    kinds: any,
    never: "^@azure/",
    instead: "write the shape in contract/; a type test proves that it fits",
  },
  {
    name: "packages-import-entry-points",
    files: "^packages/([^/]+)/",
    binds: "both",
    kinds: any,
    never: "^packages/(?!$1/)|^(?:examples|bench|tools)/",
    instead: "import the package by its name",
  },
  {
    name: "programs-import-entry-points",
    files: "^(?:examples|bench)/",
    binds: "both",
    kinds: any,
    never: "^packages/",
    instead: "import the package by its name",
  },
  {
    name: "plugins-import-plugin-api",
    files: "^packages/plugin-[^/]+/",
    kinds: any,
    never: "^@azidentity/(?!core/(?:plugin|entra|store)$)",
    instead:
      "import from @azidentity/core/plugin, /entra or /store; what plugins need from each other goes through a service token of core",
  },
  {
    name: "core-entra-through-a-module",
    files: "^packages/plugin-[^/]+/",
    kinds: ["dynamic"],
    never: "^@azidentity/core/entra$",
    instead:
      "import() a module of the plugin that exports what it needs from it: bundlers keep all of what is the target of an import()",
  },
  {
    name: "plugin-tests-import-core",
    files: "^packages/plugin-[^/]+/",
    binds: "tests",
    kinds: any,
    never: "^@azidentity/(?!core$|core/|emulator$|test-support$)",
    instead: "import from @azidentity/core, its entry points, the emulator or test-support; never another plugin",
  },
  {
    name: "entry-points-are-export-lists",
    files:
      "^packages/core/src/(?:(?:index|in-code)(?:-in-worker)?|inspect|json-schema|project|plugin|entra|store|testing)\\.ts$",
    kinds: ["statement"],
    never: "",
    instead: 'write `export { name } from "./file.ts"`, and declare it there',
  },
  {
    name: "no-export-star",
    files: "^packages/[^/]+/src/",
    kinds: ["star"],
    never: "",
    instead: "name every export, so that a change of the public API is seen",
  },
  {
    name: "no-barrels",
    files: "^packages/[^/]+/src/.+/index\\.ts$",
    kinds: ["file"],
    never: "",
    instead: "import the file that declares the name",
  },
  {
    name: "one-importer-of-cosmiconfig",
    files: "^packages/core/src/(?!config/yaml-loader\\.ts$)",
    kinds: any,
    never: "^cosmiconfig",
    instead: "import config/yaml-loader.ts",
  },
  {
    name: "one-importer-of-tsyringe",
    files: "^packages/(?:core/src/(?!container/)|plugin-)",
    kinds: any,
    never: "^(?:tsyringe|reflect-metadata)",
    instead: "use provide() and get() of container/; plugins get their services from the context",
  },
  {
    name: "start-up-stays-light",
    files: "^packages/(?:core|plugin-[^/]+)/src/",
    kinds: ["import"],
    never: "^(?:node:)?(?:https?|tls|child_process)$|^@azure/",
    instead: "import() it inside the function that needs it; `import type` costs nothing",
  },
  {
    name: "bundles-of-workers-start",
    files: "^packages/(?:core|plugin-entra)/src/(?!contract/|test-kit/)",
    kinds: ["import"],
    never: "^node:(?!https?$|tls$|child_process$)",
    instead:
      "use process.getBuiltinModule in the function that needs it: bundles for Workers have the import at the top, and end there without nodejs_compat, before core can say so",
  },
  {
    name: "drop-in-imports-entry-points",
    files: "^packages/identity/src/",
    kinds: any,
    never:
      "^@azidentity/(?!core$|core/plugin$|plugin-[a-z-]+$|plugin-cache-persist/msal$|plugin-entra/pkcs12$)|^@azure/",
    instead:
      "import core and plugins by their names; packages of the Azure SDKs are optional, so logging/azure-logger.ts loads them",
  },
  {
    name: "drop-in-imports-nothing-at-once",
    files: "^packages/identity/src/",
    kinds: ["import"],
    never: "^(?!packages/identity/)",
    instead: "import() it where the first token is requested: many programs import the drop-in and never use it",
  },
  {
    name: "environment-is-handed-in",
    // host.cts is a program: what it is handed comes by its environment
    files: "^packages/(?:core/src/(?!services/|runtime/)[^/]+/|plugin-[^/]+/src/(?!native/host\\.cts$))",
    kinds: ["env", ...runTime],
    never: "^(?:process\\.env|node:process)$",
    instead: "read the environment from the context or the service that is handed in",
  },
];
