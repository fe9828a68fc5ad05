import { type StoredToken, storeKey } from "./cache/store-key.ts";
import { createStoredAcquire } from "./cache/stored.ts";
import type { SourceContext } from "./contract/context.ts";
import type { AnySource } from "./contract/plugin.ts";
import type { IssuedToken } from "./contract/token.ts";
import { userOf } from "./principal.ts";
import type { Keeper } from "./sources/keeper.ts";
import type { ResolvedOptions, ResolvedRequest } from "./sources/resolved-options.ts";
import type { StoreHealth } from "./store-health.ts";

type Acquire = (request: ResolvedRequest) => Promise<IssuedToken>;

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
  { source, context }: Pick<StoredLinkSettings, "source" | "context">,
  { subject }: ResolvedOptions,
  stored: StoredToken,
): boolean {
  const isOfSource = stored.source === source.name && stored.authorityHost === context.cloud.authorityHost;
  return isOfSource && stored.subject === subject;
}

/** How a source is asked with the store in between: the stored token when there is one, and what it says is stored. */
export function createStored({ source, context, keeper, store, acquire, check }: StoredLinkSettings): Acquire {
  const { name } = source;
  /** The account of a source in which people sign in; `null`: nobody's. Others speak for whom their options name. */
  const signedIn = async ({ options, signal }: ResolvedRequest): Promise<string | null | undefined> => {
    if (source.kind === "deployed" || source.accountState !== undefined) return undefined;
    const credential = await keeper.credential(options, signal);
    return credential.account === undefined ? undefined : ((await credential.account(signal)) ?? null);
  };
  return createStoredAcquire<ResolvedRequest>({
    clock: context.clock,
    async open({ subject, background }) {
      if (subject === undefined) return undefined;
      const opened = await store.open({ source: name, background });
      // the state of a tool's files tells accounts apart on this machine alone
      return source.accountState !== undefined && opened?.scope !== "user" ? undefined : opened;
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
      const { options, subject, homeTenant } = request;
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
      const named = { ...request, tenantId: request.tenantId ?? homeTenant };
      return storeKey(owner, named, request.userAssertion === undefined ? undefined : userOf(request.userAssertion));
    },
  });
}
