import type { GetTokenOptions } from "../types/token.ts";

/** The options of one call without those that have no value; claims that are blank have none. */
export function readCallOptions(options: GetTokenOptions | null | undefined): GetTokenOptions {
  if (typeof options !== "object" || options === null) return {};
  const isGiven = (name: string, value: unknown) =>
    value !== undefined && value !== null && !(name === "claims" && String(value).trim() === "");
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => isGiven(name, value)));
}
