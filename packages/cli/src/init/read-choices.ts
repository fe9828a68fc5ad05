import type { CommandInput } from "../command-line/description.ts";
import { usageError } from "../errors/command-error.ts";
import type { Ask } from "../prompts/ask.ts";
import {
  clouds,
  formats,
  type PluginChoice,
  type ProjectChoices,
  pluginChoices,
  stores,
  usualPlugins,
  withStorePlugin,
} from "./project-choices.ts";

type Options = CommandInput["options"];

const isPlugin = (name: string): name is PluginChoice => Object.hasOwn(pluginChoices, name);

/** Names of plugins, with or without `@azidentity/plugin-` before them. */
function pluginsOf(given: Options[string]): readonly PluginChoice[] | undefined {
  if (given === undefined) return undefined;
  const names = [given].flat().map((name) => String(name).replace(/^@azidentity\/plugin-/, ""));
  const unknown = names.find((name) => !isPlugin(name));
  if (unknown === undefined) return [...new Set(names.filter(isPlugin))];
  throw usageError(`There is no official plugin "${unknown}".`, `Choose of ${Object.keys(pluginChoices).join(", ")}.`);
}

const oneOf = <T extends string>(known: readonly T[], given: Options[string]): T | undefined =>
  known.find((value) => value === given);

const tenant = /^[\w.-]+$/;

function tenantOf(given: unknown): string | undefined {
  const text = String(given ?? "").trim();
  if (text === "") return undefined;
  if (tenant.test(text)) return text;
  throw usageError(`"${text}" is not a tenant.`, "Give its id (a GUID) or a domain, such as contoso.com.");
}

/**
 * What the options say, and the usual answers where they say nothing.
 *
 * @throws {CommandError} `usage`
 */
export function choicesFromOptions(options: Options): ProjectChoices {
  return withStorePlugin({
    format: oneOf(formats, options.format) ?? "mts",
    plugins: pluginsOf(options.plugin) ?? usualPlugins,
    tenantId: tenantOf(options.tenant),
    cloud: oneOf(clouds, options.cloud) ?? "public",
    store: oneOf(stores, options.store) ?? "none",
  });
}

/** Asks for what the options leave open. */
export async function askForChoices(ask: Ask, options: Options): Promise<ProjectChoices> {
  const given = choicesFromOptions(options);
  const plugins =
    options.plugin !== undefined
      ? given.plugins
      : await ask.multiselect(
          "Who signs in?",
          (Object.keys(pluginChoices) as PluginChoice[])
            .filter((value) => value !== "cache-persist")
            .map((value) => ({ value, label: pluginChoices[value] })),
          usualPlugins,
        );
  const tenantId =
    options.tenant !== undefined
      ? given.tenantId
      : tenantOf(await ask.text("Which tenant? (empty: that of the account)", { placeholder: "contoso.com" }));
  const store =
    options.store !== undefined
      ? given.store
      : await ask.select(
          "Should tokens outlive the program?",
          [
            { value: "none", label: "No, they live in memory" },
            { value: "file", label: "Yes, in encrypted files of the user" },
            { value: "redis", label: "Yes, in Redis, for several machines" },
          ],
          given.store,
        );
  const format =
    options.format !== undefined
      ? given.format
      : await ask.select(
          "Which kind of config?",
          [
            { value: "mts", label: "TypeScript", hint: "types and completion; azid runs it after `azid trust`" },
            { value: "json", label: "JSON", hint: "data; nothing to trust" },
          ],
          given.format,
        );
  return withStorePlugin({ ...given, plugins, tenantId, store, format });
}
