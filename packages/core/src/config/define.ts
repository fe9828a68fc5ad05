import type { RetrySettings } from "../contract/context.ts";
import type { OutcomeCode } from "../contract/error-code.ts";
import type { SourceKind } from "../contract/source.ts";
import type { TokenCredentialLike } from "../contract/token.ts";
import { copyPlain } from "../options/plain.ts";
import type { CustomCloud } from "./clouds.ts";
import type { EntryOptions, PluginInput, Reference, SourceNames, SourceOptions } from "./source-types.ts";

/** The principal that every token has to be issued to; compared without regard to case. */
export interface ExpectedPrincipal {
  /** Directory (tenant) id, the claim `tid` of the token. */
  readonly tenantId?: string | Reference;
  /** Object id of the principal in that tenant, the claim `oid`. */
  readonly objectId?: string | Reference;
  /** Application (client) id, the claim `appid` or `azp`. */
  readonly clientId?: string | Reference;
}

/**
 * A credential of another library whose tokens may be stored. `subject` names the principal that
 * it signs in as, e.g. `tenant/client id`: a stable text without secrets, part of every stored key.
 * Two credentials with equal subjects share stored tokens. Without a subject the tokens of another
 * library's credential live in memory only.
 */
export interface CredentialWithSubject {
  /** The object with `getToken`, e.g. a credential of `@azure/identity`. */
  readonly credential: TokenCredentialLike;
  /** Names its principal, e.g. `tenant/client id`: stable, without secrets, not empty. */
  readonly subject: string;
}

/**
 * An entry of a chain: a source's name, a name with options, or any object that has `getToken`,
 * alone or with its subject.
 */
export type ChainEntry<P extends readonly PluginInput[] = readonly PluginInput[]> =
  | SourceNames<P>
  | { [N in SourceNames<P>]: { readonly source: N; readonly options?: EntryOptions<P, N> } }[SourceNames<P>]
  | TokenCredentialLike
  | CredentialWithSubject;

/** Settings of one source: its own options, and those that every source has. */
export type SourceSettings<Options> = Partial<Options> & {
  /**
   * Position in the default chain among the sources of its kind, lower first. Default: the source's
   * own.
   */
  readonly priority?: number;
  /** `false` removes it from the default chain, `true` adds one that is not in it by default. */
  readonly enabled?: boolean;
  /** Deadline of one acquisition, milliseconds. Default: the source's own. */
  readonly deadlineMs?: number;
  /** `false`: every call requests a new token; none is kept in memory or stored. Default `true`. */
  readonly cache?: boolean;
};

/**
 * The contents of `azidentity.config.*`, and the argument of `createIdentity`. Every field is
 * optional.
 */
export interface IdentityConfig<P extends readonly PluginInput[] = readonly PluginInput[]> {
  /** Default: the official plugins that are installed in the project. */
  readonly plugins?: P;
  /**
   * Sources in the order in which they are tried. Default: the registered sources by kind and
   * priority.
   */
  readonly chain?: readonly ChainEntry<P>[];
  /** Other chains, by name, for `identity.chain(name)`. */
  readonly chains?: Readonly<Record<string, readonly ChainEntry<P>[]>>;
  /** Settings of single sources, in every chain. */
  readonly sources?: { readonly [N in SourceNames<P>]?: SourceSettings<SourceOptions<P, N>> };
  /** `production`: developer and interactive sources are not loaded at all. Default `auto`. */
  readonly mode?: "auto" | "development" | "production";
  /**
   * Directory (tenant) id or domain, for sources that have none of their own. `null`: none, and
   * AZURE_TENANT_ID is not used instead. Default: AZURE_TENANT_ID for applications and pods; for
   * users and developer tools that of the account that is signed in.
   */
  readonly tenantId?: string | Reference | null;
  /** Default `public`. */
  readonly cloud?: "public" | "government" | "china" | CustomCloud;
  /** `https://` host of the authority; takes precedence over `cloud`. */
  readonly authorityHost?: string | Reference;
  /** Trust `authorityHost` without instance discovery at Entra. Default `false`. */
  readonly disableInstanceDiscovery?: boolean;
  /** Tenants besides the configured one that a request may name; `*` allows all. Default: none. */
  readonly additionallyAllowedTenants?: readonly (string | Reference)[];
  /** How HTTP requests to Entra and to hosts are sent. */
  readonly http?: {
    /** PEM file of certificate authorities to trust besides Node's own. */
    readonly caFile?: string | Reference;
    /**
     * URL of the proxy, for every request that NO_PROXY does not except; `false`: none. Default:
     * HTTPS_PROXY, HTTP_PROXY and ALL_PROXY.
     */
    readonly proxy?: string | Reference | false;
    /**
     * Products in front of our own in the header `User-Agent`, as in RFC 9110: `orders/1.2`.
     * Default: ours alone.
     */
    readonly userAgent?: string | Reference;
    /** How often, and when, requests are repeated that failed for a reason that may pass. */
    readonly retry?: RetrySettings;
  };
  /** What is logged, and how much of it. */
  readonly log?: {
    /** Default: AZURE_LOG_LEVEL, else `warn`. */
    readonly level?: "error" | "warn" | "info" | "debug";
    /** Write account names, which are personal data. Default `false`. */
    readonly allowLoggingAccountIdentifiers?: boolean;
    /**
     * Write tokens and secrets too, to debug with support. Default `false`; refused in mode
     * `production`.
     */
    readonly enableUnsafeSupportLogging?: boolean;
  };
  /**
   * What a chain does after an outcome, by source name or by kind of source. Default: the table of
   * outcomes.
   */
  readonly policy?: {
    readonly [S in SourceNames<P> | SourceKind]?: {
      readonly [O in Exclude<OutcomeCode, "cancelled">]?: "next" | "stop";
    };
  };
  /**
   * The principal of every token; a token of another one, or one that cannot be read, is refused.
   */
  readonly expect?: ExpectedPrincipal;
  /** Where tokens are kept, and how many. Default: in memory, within the limits below. */
  readonly cache?: {
    /**
     * Name of the store of a plugin that keeps tokens beyond the process. Default, and `false`:
     * none, tokens live in memory. Other keys are its options.
     */
    readonly store?: string | false;
    /** Tokens in memory. Default 100 000. */
    readonly maxEntries?: number;
    /** Bytes of tokens in memory. Default 67 108 864 (64 MiB). */
    readonly maxBytes?: number;
    readonly [option: string]: unknown;
  };
  /**
   * Named sets of settings that take precedence over the others when chosen, e.g. one per stage.
   */
  readonly profiles?: Readonly<Record<string, Omit<IdentityConfig<P>, "profiles" | "profile">>>;
  /** The profile to use. Default: AZIDENTITY_PROFILE, else none. */
  readonly profile?: string;
  /** URL or path of a JSON Schema, for editors. */
  readonly $schema?: string;
  /** Allow secrets in a config file. Default `false`. */
  readonly allowInlineSecrets?: boolean;
}

/**
 * Settings of an identity that comes from another one (`Identity.with`). They take precedence over
 * the config of that one; members of `cache`, `expect`, `http`, `log`, `policy` and of each source
 * are merged one by one. A `cloud` replaces the `authorityHost` of the config, too.
 */
export interface SharedSettings<P extends readonly PluginInput[] = readonly PluginInput[]>
  extends Pick<
    IdentityConfig<P>,
    | "tenantId"
    | "cloud"
    | "authorityHost"
    | "disableInstanceDiscovery"
    | "additionallyAllowedTenants"
    | "sources"
    | "chain"
    | "policy"
    | "expect"
    | "cache"
    | "http"
    | "log"
  > {}

/**
 * Types a config: names and options come from its plugins, so a typo does not compile. Returns it
 * unchanged.
 */
export function defineConfig<const P extends readonly PluginInput[] = readonly PluginInput[]>(
  config: IdentityConfig<P>,
): IdentityConfig<P> {
  return config;
}

const isPlugin = (part: object): boolean => "contract" in part && ("sources" in part || "services" in part);

/**
 * A copy of a config, so that later changes of its parts have no effect. Plugins are kept by
 * identity.
 */
export function copyConfig<C extends IdentityConfig>(config: C): C {
  return copyPlain(config, isPlugin);
}
