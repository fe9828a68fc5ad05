import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { IssuedToken } from "../contract/token.ts";
import { userOf } from "../token/principal.ts";
import { type ResolvedOptions, type ResolvedRequest, readAccountState } from "../token/resolved-request.ts";
import type { GuardedStore } from "./guarded-store.ts";
import { type StoredToken, storeKey } from "./store-key.ts";
import type { StoreAccess } from "./through-store.ts";

export interface StoreAccessSettings {
  readonly source: AnySource;
  readonly context: SourceContext;
  readonly store: GuardedStore;
  /**
   * The account that the next token of a source with sign-ins will be for. `undefined`: the source
   * has no accounts of its own; `null`: no user is signed in.
   */
  readonly signedInAccount: (request: ResolvedRequest) => Promise<string | null | undefined>;
  /** Throws when the token may not be used here (`expect`). */
  readonly check: (issued: IssuedToken) => void;
}

/** Whether a stored token is one of this source with its options. */
export function ownsStored(
  { source, context }: Pick<StoreAccessSettings, "source" | "context">,
  { subject }: ResolvedOptions,
  stored: StoredToken,
): boolean {
  const isOfSource = stored.source === source.name && stored.authorityHost === context.cloud.authorityHost;
  return isOfSource && stored.subject === subject;
}

/** How the link of a source uses the store: under which keys, and which stored tokens it takes. */
export function createStoreAccess(settings: StoreAccessSettings): StoreAccess<ResolvedRequest> {
  const { source, context, store, check } = settings;
  const { name } = source;
  const { authorityHost } = context.cloud;
  return {
    clock: context.clock,
    async open({ subject, background }) {
      if (subject === undefined) return undefined;
      const opened = await store.open({ source: name, background });
      // the state of a tool's files tells accounts apart on this machine only
      return source.accountState !== undefined && opened?.scope !== "user" ? undefined : opened;
    },
    attempt: (operation, { background }, run) => store.attempt(operation, { source: name, background }, run),
    mayServe(issued) {
      try {
        check(issued);
        return true;
      } catch {
        return false;
      }
    },
    async keyOf(request, issued) {
      const { options, subject, homeTenant, userAssertion } = request;
      if (subject === undefined) return undefined;
      const state = readAccountState(source, options, context);
      if (source.accountState !== undefined && state === undefined) return undefined;
      const account = state ?? issued?.account ?? (await settings.signedInAccount(request));
      if (account === null) return undefined;
      // its own tenant by name: projects that share a store may have different ones
      const named = { ...request, tenantId: request.tenantId ?? homeTenant };
      const user = userAssertion === undefined ? undefined : userOf(userAssertion);
      return storeKey({ source: name, subject, account, authorityHost }, named, user);
    },
  };
}
