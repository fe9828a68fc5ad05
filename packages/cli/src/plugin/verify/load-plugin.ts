import { pathToFileURL } from "node:url";
import { CommandError } from "../../errors/command-error.ts";

/**
 * An imported CommonJS module has its exports as `default`, with a `default` inside when it was
 * compiled.
 */
function defaultExport(module: { readonly default?: unknown }): unknown {
  const outer = module.default;
  return (Object(outer) as { readonly default?: unknown }).default ?? outer;
}

/**
 * Runs the module of a plugin, and returns its default export.
 *
 * @throws {CommandError} `plugin-load-failed`
 */
export async function loadPlugin(entry: string): Promise<unknown> {
  try {
    return defaultExport((await import(pathToFileURL(entry).href)) as { readonly default?: unknown });
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new CommandError("plugin-load-failed", `${entry} failed while it was loaded: ${reason}`, {
      remedy: "The fault is in the plugin, or in what it imports: install its packages, and build it.",
      cause,
    });
  }
}
