import type { Finding } from "../../findings/finding.ts";

/** The parts of a package.json that matter to a plugin. */
export interface Manifest {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly exports?: unknown;
  readonly main?: unknown;
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly peerDependencies?: Readonly<Record<string, unknown>>;
}

const core = "@azidentity/core";
const problem = (sentence: string, remedy: string): Finding => ({
  state: "problem",
  subject: "package.json",
  sentence,
  remedy,
});
const warning = (sentence: string, remedy: string): Finding => ({
  state: "warning",
  subject: "package.json",
  sentence,
  remedy,
});

function coreFindings({ dependencies = {}, peerDependencies = {} }: Manifest): readonly Finding[] {
  const remedy = `Write "peerDependencies": { "${core}": "^VERSION" }, and have it in "devDependencies" for tests.`;
  if (Object.hasOwn(dependencies, core))
    return [problem(`${core} is a dependency, so that programs may have two copies of it.`, remedy)];
  if (!Object.hasOwn(peerDependencies, core)) return [problem(`It does not peer-depend on ${core}.`, remedy)];
  return [];
}

function otherPlugins({ dependencies = {}, peerDependencies = {} }: Manifest): readonly Finding[] {
  const names = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) =>
    /^@azidentity\/plugin-/.test(name),
  );
  const remedy = "Use a service of core, or the name of a source (SourceLookup), instead of another plugin.";
  return names.map((name) => warning(`It depends on the plugin ${name}.`, remedy));
}

/**
 * What package.json says of a plugin that is to be published.
 *
 * @param pluginName the name that the plugin gives itself
 */
export function checkManifest(manifest: Manifest, pluginName: string): readonly Finding[] {
  const found = [...coreFindings(manifest), ...otherPlugins(manifest)];
  const { name, exports, main } = manifest;
  if (name !== pluginName)
    found.push(
      warning(
        `The package is called ${String(name)}, and the plugin ${pluginName}.`,
        "Give both the same name: errors name the plugin.",
      ),
    );
  if (exports === undefined && main === undefined)
    found.push(problem("It exports nothing.", 'Write "exports": { ".": "./dist/index.js" }.'));
  return found.length > 0
    ? found
    : [{ state: "ok", subject: "package.json", sentence: `It peer-depends on ${core}, and has the plugin's name.` }];
}
