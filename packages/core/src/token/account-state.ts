import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";

/**
 * The account that a tool is signed in to. `undefined`: it is unknown, because the source throws or
 * returns a value that is not a string (such as the promise of an `async` function, which would be
 * the same key for all accounts); or the source has no such state.
 */
export function readAccountState(source: AnySource, options: unknown, context: SourceContext): string | undefined {
  try {
    const state: unknown = source.accountState?.(options, context);
    return typeof state === "string" ? state : undefined;
  } catch {
    return undefined;
  }
}
