import { ConfigurationError } from "../errors/errors.ts";
import type { IdentityConfig } from "./define.ts";
import { fileAt, locate } from "./locate.ts";

interface Origin {
  /** The config file; `undefined`: none. */
  readonly file: string | undefined;
  /** The part of the config that is in the file. */
  readonly inFile: IdentityConfig;
}

/** Whether the file has the first two keys of a config path. */
function isInFile(inFile: IdentityConfig, path: string): boolean {
  const [key = "", name] = path.split(".");
  const value = Object.hasOwn(inFile, key) ? (inFile as Readonly<Record<string, unknown>>)[key] : undefined;
  return value !== undefined && (name === undefined || Object.hasOwn(Object(value), name));
}

/** Runs `work`; a ConfigurationError about a setting in the config file names the file. */
export function withConfigFile<T>({ file, inFile }: Origin, work: () => T): T {
  const withFile = (error: unknown): unknown => {
    if (!(error instanceof ConfigurationError) || file === undefined || error.file !== undefined) return error;
    const { code, path, remedy, cause, message } = error;
    if (path === undefined || !isInFile(inFile, path)) return error;
    const problem = remedy === undefined ? message : message.slice(0, -remedy.length - 1);
    const place = locate(file, path);
    return new ConfigurationError(code, `${fileAt(file, place)}: ${problem}`, { file, path, ...place, remedy, cause });
  };
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => Promise.reject(withFile(error))) as T;
  } catch (error) {
    throw withFile(error);
  }
}
