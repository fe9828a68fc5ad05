import type { GetTokenOptions } from "../types/token.ts";

const isGiven = (name: string, value: unknown) =>
  value !== undefined && value !== null && !(name === "claims" && String(value).trim() === "");

/** Whether none of the options has to be left out. A loop, because it runs for tokens in memory. */
function areGiven(options: object): boolean {
  for (const name in options) if (!isGiven(name, (options as Record<string, unknown>)[name])) return false;
  return true;
}

/** The options of one call without those that have no value; claims that are blank have none. */
export function readCallOptions(options: GetTokenOptions | null | undefined): GetTokenOptions {
  if (typeof options !== "object" || options === null) return {};
  if (areGiven(options)) return options;
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => isGiven(name, value)));
}
