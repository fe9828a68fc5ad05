import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { OptionsReader } from "./options-reader.ts";

/**
 * The account of a tool; `undefined` while it cannot be told, and then no remembered token is
 * served. Other sources have none.
 */
export function createAccountState(source: AnySource, reader: OptionsReader, context: SourceContext) {
  if (source.accountState === undefined) return undefined;
  return (): string | undefined => {
    try {
      return source.accountState?.(reader.last.options, context);
    } catch {
      return undefined;
    }
  };
}
