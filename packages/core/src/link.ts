import type { Budget } from "./cache/budget.ts";
import { createFlights } from "./cache/flights.ts";
import { createTokenCache } from "./cache/token-cache.ts";
import type { Link } from "./chain/link.ts";
import { accessToken } from "./contract/access-token.ts";
import type { SourceContext } from "./contract/context.ts";
import type { AnySource } from "./contract/plugin.ts";
import type { Detection } from "./contract/source.ts";
import type { IssuedToken, TokenRequest } from "./contract/token.ts";
import { principalOf } from "./principal.ts";
import { checkOptions } from "./sources/check-options.ts";
import { checkToken } from "./sources/check-token.ts";
import { type Deadline, underDeadline } from "./sources/deadline.ts";
import { createKeeper } from "./sources/keeper.ts";
import { tenantFor } from "./sources/tenant.ts";
import { wrapError } from "./sources/wrap-error.ts";

const defaultDeadlineMs = 30_000;

export interface LinkSettings {
  readonly source: AnySource;
  /** Named outright in a config or by a caller. */
  readonly explicit: boolean;
  /** The options with their references looked up; called for every acquisition, so that secrets rotate. */
  readonly resolveOptions: () => unknown;
  /** For error messages: where the options stand. */
  readonly path: string;
  readonly deadlineMs: number | undefined;
  readonly context: SourceContext;
  readonly budget: Budget;
  readonly random: () => number;
  readonly setDeadline: Deadline["setDeadline"];
}

export interface ClosableLink extends Link {
  close(reason: Error): Promise<void>;
}

/** Places a source: its options checked, its errors wrapped, its calls shared, cached and bounded in time. */
export function createLink(settings: LinkSettings): ClosableLink {
  const { source, context, explicit } = settings;
  const { name } = source;
  const keeper = createKeeper(source, context, () => checkOptions(source, settings.resolveOptions(), settings.path));
  const probes = createFlights<Detection | undefined>();
  const ms = settings.deadlineMs ?? source.deadlineMs ?? defaultDeadlineMs;
  const deadline: Deadline = { source: name, ms, clock: context.clock, setDeadline: settings.setDeadline };

  const acquire = (request: TokenRequest): Promise<IssuedToken> =>
    underDeadline(deadline, request.signal, async (signal) => {
      try {
        const options = keeper.options();
        const tenantId = tenantFor(source, options, context, request.tenantId);
        const credential = await keeper.credential(options);
        const issued = await credential.getToken(Object.freeze({ ...request, tenantId, signal }));
        return checkToken(name, issued, context.clock.now());
      } catch (error) {
        throw signal.aborted ? signal.reason : wrapError(name, error);
      }
    });

  const cache = createTokenCache({
    clock: context.clock,
    budget: settings.budget,
    random: settings.random,
    ignoreTenant: source.tenants === "ignored",
    accountState: source.accountState && (() => source.accountState?.(keeper.lastOptions(), context) ?? ""),
    acquire,
    onRefreshFailed: (error) => context.log.warn(`${name}: a refresh failed; its token is still valid.`, { error }),
  });

  return {
    name,
    kind: source.kind,
    explicit,
    detect: () =>
      source.detect?.(keeper.options(), context) ?? { state: "ready", reason: "It needs nothing to be set." },
    probe: (outer) =>
      probes.join("probe", outer, (own) =>
        underDeadline(deadline, own, async (signal) => (await keeper.credential(keeper.options())).probe?.(signal)),
      ),
    peek: cache.peek,
    getToken: cache.getToken,
    async getFreshToken(request, signal) {
      return accessToken(
        await acquire(Object.freeze({ ...request, refusedToken: undefined, background: false, signal })),
      );
    },
    principal: principalOf,
    forget: cache.forget,
    async close(reason) {
      cache.close(reason);
      probes.abort(reason);
      await keeper.close();
    },
  };
}
