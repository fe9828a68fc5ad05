import { usageError } from "../../errors/command-error.ts";

/** The names that follow from what a user calls a plugin. */
export interface PluginNames {
  /** The npm name: what errors call it. */
  readonly packageName: string;
  /** Its folder. */
  readonly folder: string;
  /** The name of its source, in configs and walks. */
  readonly source: string;
  /** The source as a variable of JavaScript, which is no reserved word. */
  readonly variable: string;
}

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Reads a name such as `team-broker`, `azidentity-team-broker` or
 * `@contoso/azidentity-team-broker`.
 *
 * @throws {CommandError} `usage`
 */
export function readPluginName(text: string): PluginNames {
  const [, scope = "", name = ""] = /^(@[a-z0-9][a-z0-9._-]*\/)?(.*)$/.exec(text) ?? [];
  const source = name.replace(/^azidentity-(?:plugin-)?/, "");
  if (!kebab.test(name) || !kebab.test(source) || /^@azidentity\/$/.test(scope)) {
    const remedy = "Write it like team-broker, or @contoso/azidentity-team-broker.";
    throw usageError(
      `"${text}" cannot be the name of a plugin: it has to be kebab-case, and not in @azidentity.`,
      remedy,
    );
  }
  const folder = name.startsWith("azidentity-") ? name : `azidentity-${name}`;
  const camelCase = source.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return { packageName: `${scope}${folder}`, folder, source, variable: `${camelCase}Source` };
}
