import type { Env } from "../tool.ts";
import { authorityOfCloud } from "../tool.ts";

/**
 * The value of a key in a section of an INI file; `undefined` when file, section or key is missing.
 */
function readIni(file: string, section: string, key: string): string | undefined {
  let text: string;
  try {
    text = process.getBuiltinModule("node:fs").readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  let current = "";
  for (const line of text.split("\n").map((one) => one.trim())) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) current = header;
    const [, name, value] = /^([^=:#;\s]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (current === section && name === key) return value;
  }
  return undefined;
}

/**
 * The authority of the Azure CLI's current cloud: one of Microsoft's, or one that the user has
 * registered.
 */
export function readCliAuthority(folder: string, env: Env): string | undefined {
  const name = env.AZURE_CLOUD_NAME ?? readIni(`${folder}/config`, "cloud", "name");
  if (name === undefined) return undefined;
  return authorityOfCloud(name) ?? readIni(`${folder}/clouds.config`, name, "endpoint_active_directory");
}
