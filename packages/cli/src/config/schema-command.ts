import { configJsonSchema } from "@azidentity/core/json-schema";
import type { CommandInput } from "../command-line/description.ts";
import type { Host } from "../host.ts";
import { loadOfficialPlugins } from "../project/official-plugins.ts";
import { writeJson } from "../terminal/write.ts";

/** Prints the JSON Schema of a config with the sources and options of the official plugins. */
export async function run(_: CommandInput, host: Host): Promise<undefined> {
  await writeJson(host.output, configJsonSchema(await loadOfficialPlugins()));
}
