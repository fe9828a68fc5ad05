import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { TokenRequest } from "../contract/token.ts";
import { checkCapabilities } from "./capabilities.ts";
import { type Deadline, underDeadline } from "./deadline.ts";
import type { Keeper } from "./keeper.ts";
import { tenantFor } from "./tenant.ts";
import { secretsOf, wrapError } from "./wrap-error.ts";

export interface BoundedSettings {
  readonly source: AnySource;
  readonly keeper: Keeper;
  readonly context: SourceContext;
  readonly deadline: () => Deadline;
}

/** Has a source do something for one request, within its bounds: what it can, for a tenant it may be asked for, under its deadline. */
export type Bounded = <T>(request: TokenRequest, work: (request: TokenRequest) => Promise<T>) => Promise<T>;

export function createBounded({ source, keeper, context, deadline }: BoundedSettings): Bounded {
  return (request, work) =>
    underDeadline({ ...deadline(), background: request.background }, request.signal, async (signal) => {
      try {
        checkCapabilities(source, keeper.options, request);
        const tenantId = tenantFor(source, keeper.options(), context, request.tenantId);
        return await work(Object.freeze({ ...request, tenantId, signal }));
      } catch (error) {
        throw signal.aborted ? signal.reason : wrapError(source.name, error, secretsOf(source, keeper, request));
      }
    });
}
