import { inspectIdentity } from "@azidentity/core/inspect";
import type { CommandInput } from "../command-line/description.ts";
import type { Host } from "../host.ts";
import { identitySettingsOf, openIdentity } from "../project/open-identity.ts";
import { plainLine } from "../terminal/plain-text.ts";
import { writeJson, writeLine } from "../terminal/write.ts";
import { printedConfig, secretNames } from "./printed-config.ts";

/**
 * `azid config print`: the config with its layers, on standard output; its file on standard error.
 */
export async function run(input: CommandInput, host: Host): Promise<undefined> {
  const { identity, close } = await openIdentity(host, identitySettingsOf(input));
  try {
    const { configFile, settings, plugins } = await inspectIdentity(identity);
    const where = configFile === undefined ? "There is no config file." : plainLine(configFile);
    await writeLine(host.errorOutput, `# ${where}`);
    const names = plugins.map(({ name }) => name);
    await writeJson(host.output, printedConfig({ ...settings, plugins: names }, secretNames(plugins)));
  } finally {
    await close();
  }
}
