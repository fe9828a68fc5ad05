/** Settings of a source that belong to core; other keys are its own options. */
const reserved = ["priority", "enabled", "deadlineMs", "cache"];

/** The options of a source among its settings in the config. */
export function withoutReserved(settings: object | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([key]) => !reserved.includes(key)));
}
