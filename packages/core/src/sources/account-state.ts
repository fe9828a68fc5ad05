import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { Keeper } from "./keeper.ts";

/** The account of a tool, `undefined` while it cannot be told: then nothing is served that was remembered. Other sources have none. */
export function createAccountState(source: AnySource, keeper: Keeper, context: SourceContext) {
  if (source.accountState === undefined) return undefined;
  return (): string | undefined => {
    try {
      return source.accountState?.(keeper.lastOptions(), context);
    } catch {
      return undefined;
    }
  };
}
