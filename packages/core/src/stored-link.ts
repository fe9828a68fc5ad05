import { type StoredToken, storeKey } from "./cache/store-key.ts";
import { createStoredAcquire } from "./cache/stored.ts";
import type { SourceContext } from "./contract/context.ts";
import type { AnySource } from "./contract/plugin.ts";
import type { IssuedToken, TokenRequest } from "./contract/token.ts";
import { userOf } from "./principal.ts";
import type { Keeper } from "./sources/keeper.ts";
import { homeTenant } from "./sources/tenant.ts";
import type { StoreHealth } from "./store-health.ts";

type Acquire = (request: TokenRequest) => Promise<IssuedToken>;

export interface StoredLinkSettings {
  readonly source: AnySource;
  readonly context: SourceContext;
  readonly keeper: Keeper;
  readonly store: StoreHealth;
  /** Asks the source itself. */
  readonly acquire: Acquire;
  /** Throws when the token may not be used here (`expect`). */
  readonly check: (issued: IssuedToken) => void;
}

/** Whether a stored token is one of this source with its options. */
export function ownsStored(
  { source, context, keeper }: Pick<StoredLinkSettings, "source" | "context" | "keeper">,
  stored: StoredToken,
): boolean {
  if (stored.source !== source.name || stored.authorityHost !== context.cloud.authorityHost) return false;
  try {
    return source.subject(keeper.lastOptions(), context) === stored.subject;
  } catch {
    return false; // its options are wrong, so it has no tokens
  }
}

/** How a source is asked with the store in between: the stored token when there is one, and what it says is stored. */
export function createStored({ source, context, keeper, store, acquire, check }: StoredLinkSettings): Acquire {
  const { name } = source;
  /** The account of a source in which people sign in; `null`: nobody's. Others speak for whom their options name. */
  const signedIn = async ({ signal }: TokenRequest): Promise<string | null | undefined> => {
    if (source.kind === "deployed" || source.accountState !== undefined) return undefined;
    const credential = await keeper.credential(keeper.lastOptions(), signal);
    return credential.account === undefined ? undefined : ((await credential.account(signal)) ?? null);
  };
  return createStoredAcquire({
    clock: context.clock,
    async open({ background }) {
      const named = source.subject(keeper.lastOptions(), context) !== undefined;
      return named ? store.open({ source: name, background }) : undefined;
    },
    attempt: (operation, { background }, run) => store.attempt(operation, { source: name, background }, run),
    acquire,
    mayServe(issued) {
      try {
        check(issued);
        return true;
      } catch {
        return false;
      }
    },
    async keyOf(request, issued) {
      const options = keeper.lastOptions();
      const subject = source.subject(options, context);
      if (subject === undefined) return undefined;
      const account = source.accountState?.(options, context) ?? issued?.account ?? (await signedIn(request));
      if (account === null) return undefined;
      const owner = {
        source: name,
        subject,
        account,
        authorityHost: context.cloud.authorityHost,
      };
      // its own tenant by name: projects that share a store may have different ones
      const home = source.tenants === "ignored" ? undefined : homeTenant(source, options, context);
      const named = { ...request, tenantId: request.tenantId ?? home };
      return storeKey(owner, named, request.userAssertion === undefined ? undefined : userOf(request.userAssertion));
    },
  });
}
