import type { AzureLogger, Debugger } from "../types/logger.ts";

const levels = ["error", "warning", "info", "verbose"] as const;
type Level = (typeof levels)[number];

/** Whether AZURE_LOG_LEVEL asks for lines of a level. */
function isWanted(level: Level): boolean {
  const wanted = levels.indexOf((process.env.AZURE_LOG_LEVEL ?? "").toLowerCase() as Level);
  return levels.indexOf(level) <= wanted;
}

function createDebugger(namespace: string, enabled: boolean): Debugger {
  const write = (...args: unknown[]) => {
    if (!own.enabled) return;
    const text = process.getBuiltinModule("node:util").format(...args);
    own.log(`${namespace} ${text}`);
  };
  const own: Debugger = Object.assign(write, {
    enabled,
    namespace,
    log: (...args: unknown[]) => void process.stderr.write(`${args.join(" ")}\n`),
    destroy: () => {
      const wasEnabled = own.enabled;
      own.enabled = false;
      return wasEnabled;
    },
    extend: (suffix: string) => createDebugger(`${namespace}:${suffix}`, own.enabled),
  });
  return own;
}

/**
 * A logger that follows AZURE_LOG_LEVEL and writes to stderr, for programs without `@azure/logger`.
 */
export function createOwnLogger(namespace: string): AzureLogger {
  const [error, warning, info, verbose] = levels.map((level) =>
    createDebugger(`azure:${namespace}:${level}`, isWanted(level)),
  ) as [Debugger, Debugger, Debugger, Debugger];
  return { error, warning, info, verbose };
}
