import type { Logger } from "../contract/system-services.ts";
import { hideAccounts, isSecretName, type MapText, mapTexts, redact } from "../errors/redact.ts";
import { didYouMean } from "../util/suggest.ts";

export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Reads `AZURE_LOG_LEVEL` as the Azure SDKs do (`verbose` is our `debug`); `undefined` for anything
 * else.
 */
export function parseLogLevel(text: string | undefined): LogLevel | undefined {
  const level = text?.trim().toLowerCase();
  if (level === "verbose") return "debug";
  if (level === "warning") return "warn";
  return logLevels.find((known) => known === level);
}

/**
 * Warnings report what a program would not notice otherwise: a store that does not work, a config
 * that is not read. Errors that callers receive are not logged at this level a second time.
 */
const defaultLevel: LogLevel = "warn";

/** The level that `AZURE_LOG_LEVEL` sets, else the default. */
export function logLevelOf(text: string | undefined): LogLevel {
  return parseLogLevel(text) ?? defaultLevel;
}

/** The warning about a level that does not exist; `undefined`: it does, or none is set. */
export function unknownLevel(text: string | undefined): string | undefined {
  if (text === undefined || parseLogLevel(text) !== undefined) return undefined;
  const levels = ["error", "warning", "info", "verbose", "debug"];
  const advice = didYouMean(text.trim().toLowerCase().slice(0, 32), levels);
  return `AZURE_LOG_LEVEL names no level, so "${defaultLevel}" is used. ${advice}`;
}

export interface LoggerSettings {
  /** Write account names, which are personal data. */
  readonly accounts?: boolean;
  /** Write everything without redaction. */
  readonly unsafe?: boolean;
}

/** The function that redacts text for the log. */
function cleaner({ accounts, unsafe }: LoggerSettings): MapText {
  if (unsafe === true) return (text) => text;
  return (text, name) => {
    if (name !== undefined && isSecretName(name)) return "[redacted]";
    if (accounts === true) return redact(text);
    return name === "username" ? "[account]" : hideAccounts(redact(text));
  };
}

/** Writes entries at or above `level` to the sink, redacted; others cost nothing. */
export function createLogger(sink: Logger, level: LogLevel, settings: LoggerSettings = {}): Logger {
  const limit = logLevels.indexOf(level);
  const clean = cleaner(settings);
  const writes = (one: LogLevel) => logLevels.indexOf(one) <= limit;
  const at = (one: LogLevel): Logger[LogLevel] => {
    if (!writes(one)) return () => undefined;
    return (message, fields) => {
      try {
        if (fields === undefined) sink[one](clean(message));
        else sink[one](clean(message), mapTexts(fields, clean, 4) as object);
      } catch {
        // a log that cannot be written must not fail a request
      }
    };
  };
  const logger = { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug"), writes };
  if (settings.unsafe === true) logger.warn("UNSAFE SUPPORT LOGGING IS ON: this log contains tokens and secrets.");
  return logger;
}

/** Writes lines to stderr: stdout belongs to the output of the program. */
export function stderrSink(): Logger {
  const write = (level: LogLevel) => (message: string, fields?: object) => {
    const rest = fields === undefined ? "" : ` ${JSON.stringify(fields)}`;
    process.stderr.write(`azidentity ${level}: ${message}${rest}\n`);
  };
  return { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
}
