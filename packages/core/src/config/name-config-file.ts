import { ConfigurationError } from "../errors/errors.ts";
import { problemOf } from "../errors/outcome-error.ts";
import type { IdentityConfig } from "./define.ts";
import { locate } from "./locate.ts";
import { fileAt } from "./with-config-file.ts";

/** Whether the file has the first two keys of a config path. */
function isInFile(inFile: IdentityConfig, path: string): boolean {
  const [key = "", name] = path.split(".");
  const value = Object.hasOwn(inFile, key) ? (inFile as Readonly<Record<string, unknown>>)[key] : undefined;
  return value !== undefined && (name === undefined || Object.hasOwn(Object(value), name));
}

/** An error about a setting in the config file, with the file and the place of the setting. */
export function nameConfigFile(file: string, inFile: IdentityConfig, error: ConfigurationError): ConfigurationError {
  const { code, path, remedy, cause } = error;
  if (error.file !== undefined || path === undefined || !isInFile(inFile, path)) return error;
  const place = locate(file, path);
  const message = `${fileAt(file, place)}: ${problemOf(error)}`;
  return new ConfigurationError(code, message, { file, path, ...place, remedy, cause });
}
