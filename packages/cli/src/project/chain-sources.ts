import type { Inspection } from "@azidentity/core/inspect";

/**
 * The names of the sources of a chain. One that does not exist is reported when it is asked.
 *
 * @param chain entries, or the name of a chain of the config; `undefined`: the default chain
 */
export function sourcesOfChain(
  { chain: defaultChain, settings }: Pick<Inspection, "chain" | "settings">,
  chain: readonly string[] | string | undefined,
): readonly string[] {
  if (chain === undefined) return defaultChain.map(({ name }) => name);
  const entries: readonly unknown[] = typeof chain === "string" ? (settings.chains?.[chain] ?? []) : chain;
  return entries.map((entry) => (typeof entry === "string" ? entry : String((entry as { source?: unknown }).source)));
}
