import type { AzureLogger, Debugger } from "../types/logger.ts";

/** The part of core's logger that is called. */
interface Lines {
  error(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  debug(message: string, fields?: object): void;
}

const textOf = (message: string, fields: object | undefined) =>
  fields === undefined ? message : `${message} ${JSON.stringify(fields)}`;

/**
 * Writes core's lines, which hold no secrets, to a logger of the Azure SDKs. A line that only the
 * `log` of a config asks for is written although the SDKs' level leaves it out.
 */
export function coreLogger({ error, warning, info, verbose }: AzureLogger): Lines {
  const write = (to: Debugger, isAlways: boolean) => (message: string, fields?: object) => {
    if (to.enabled) to(textOf(message, fields));
    else if (isAlways) to.log(`${to.namespace} ${textOf(message, fields)}`);
  };
  return {
    error: write(error, false),
    warn: write(warning, true),
    info: write(info, true),
    debug: write(verbose, true),
  };
}
