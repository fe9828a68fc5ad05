import { redact } from "../contract/redact.ts";
import type { Logger } from "../contract/services.ts";

export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Reads `AZURE_LOG_LEVEL` as the Azure SDKs do (`verbose` is our `debug`); `undefined` for anything else. */
export function parseLogLevel(text: string | undefined): LogLevel | undefined {
  const level = text?.trim().toLowerCase();
  if (level === "verbose") return "debug";
  if (level === "warning") return "warn";
  return logLevels.find((known) => known === level);
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "[...]";
  if (value instanceof Error) return redact(value.message);
  if (Array.isArray(value)) return value.map((item) => clean(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(item, depth - 1)]));
}

const silent = () => {};

/** Passes on what is at or above `level`, redacted; below it a call costs nothing. No level: silence. */
export function createLogger(sink: Logger, level: LogLevel | undefined): Logger {
  const limit = level === undefined ? -1 : logLevels.indexOf(level);
  const at = (one: LogLevel): Logger[LogLevel] => {
    if (logLevels.indexOf(one) > limit) return silent;
    return (message, fields) => {
      if (fields === undefined) sink[one](redact(message));
      else sink[one](redact(message), clean(fields, 4) as object);
    };
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/** Writes lines to stderr, which is where a tool's log belongs. */
export function stderrSink(): Logger {
  const write = (level: LogLevel) => (message: string, fields?: object) => {
    const rest = fields === undefined ? "" : ` ${JSON.stringify(fields)}`;
    process.stderr.write(`azidentity ${level}: ${message}${rest}\n`);
  };
  return { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
}
