import { ConfigurationError } from "../errors/errors.ts";
import type { IdentityConfig } from "./define.ts";

interface Origin {
  readonly file: string | undefined;
  readonly inFile: IdentityConfig;
}

/** Whether the file has something at the path, as far as its first two steps say. */
function standsIn(inFile: IdentityConfig, path: string): boolean {
  const [key = "", name] = path.split(".");
  const value = Object.hasOwn(inFile, key) ? (inFile as Readonly<Record<string, unknown>>)[key] : undefined;
  return value !== undefined && (name === undefined || Object.hasOwn(Object(value), name));
}

/** Runs `work`; an error about what stands in the config file names the file. */
export function namingFile<T>({ file, inFile }: Origin, work: () => T): T {
  const named = (error: unknown): unknown => {
    if (!(error instanceof ConfigurationError) || file === undefined || error.file !== undefined) return error;
    const { code, path, remedy, cause, message } = error;
    if (path === undefined || !standsIn(inFile, path)) return error;
    const problem = remedy === undefined ? message : message.slice(0, -remedy.length - 1);
    return new ConfigurationError(code, `${file}: ${problem}`, { file, path, remedy, cause });
  };
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => Promise.reject(named(error))) as T;
  } catch (error) {
    throw named(error);
  }
}
