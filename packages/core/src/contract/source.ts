import type { OptionsContext, SourceContext } from "./context.ts";
import type { OutcomeCode } from "./error-code.ts";
import type { IssuedToken, TokenRequest } from "./token.ts";

/**
 * Kinds are ordered: all deployed sources come before all developer ones, and those before
 * interactive ones.
 */
export type SourceKind = "deployed" | "developer" | "interactive";

/** What some sources can do beyond plain tokens. */
export type Capability = "user-assertion" | "proof-of-possession";

/**
 * A way to get a token: data first, behaviour last. Core can list, check and document a source
 * without running it. `Name` and `Options` are inferred into the config, so a typo there does not
 * compile.
 */
export interface CredentialSource<Name extends string = string, Options = unknown> {
  /** kebab-case, e.g. `managed-identity`. */
  readonly name: Name;
  /** Decides the place in the default chain, and what a chain does after a failure. */
  readonly kind: SourceKind;
  /**
   * Place in the default chain among its kind, lower first. Absent: only when a config or a caller
   * names it.
   */
  readonly priority?: number;
  /**
   * What the tenant that a request names means to this source.
   *
   * - `any`: it can serve every tenant while it has no home tenant (a developer tool)
   * - `allow-list`: it always has a home tenant (a service principal)
   * - `fixed`: the platform decides, and the request's tenant is ignored (managed identity)
   *
   * A source with a home tenant serves another one only when the config's
   * `additionallyAllowedTenants` lists it.
   */
  readonly tenantPolicy: "any" | "allow-list" | "fixed";
  /**
   * What it can do beyond plain tokens. Core refuses requests for the rest, so that a call for a
   * user's token never gets an application's. `user-assertion`: act on behalf of a user.
   * `proof-of-possession`: bind a token to a request. A function where options decide. Default:
   * none.
   */
  readonly supports?: readonly Capability[] | ((options: NoInfer<Options>) => readonly Capability[]);
  /**
   * Milliseconds for one acquisition with its retries; `undefined`: 30 000. A config, or
   * `AZIDENTITY_<SOURCE>_TIMEOUT_MS`, overrides it.
   */
  readonly deadlineMs?: number | ((options: NoInfer<Options>) => number | undefined);
  /**
   * How many acquisitions may run at the same time, whatever their options; others wait, and their
   * deadline begins after the wait. Default: unlimited.
   */
  readonly maxConcurrency?: number;
  /**
   * Of an interactive source that never prompts: its user signed in elsewhere, or its options have
   * everything that a sign-in takes. In `mode: "production"` such a source works where code or
   * another source names it, and in no chain. Default `false`.
   */
  readonly neverPrompts?: boolean;
  /** Absent: the source has no options. */
  readonly options?: OptionsSchema<Options>;
  /**
   * Refuses options that, together with the variables and the config, lack what the source cannot
   * sign in without. Synchronous, and looks at nothing else: `Identity.check` calls it. Absent:
   * what the table of options says to be required is all.
   *
   * @param requireSource for sources that use the tokens of another: throws `unknown-source` if no
   * plugin has that one
   * @throws {IdentityError} what `getToken` would reject with, e.g. `incomplete-options`
   */
  requireOptions?(options: NoInfer<Options>, context: OptionsContext, requireSource: (name: string) => void): void;
  /**
   * Could it work here? Environment and cheap local facts only: no network, no process. Called
   * again after a probe and after an attempt that failed, so that it can report what an answer has
   * taught the source meanwhile. Absent: always `ready`.
   */
  detect?(options: NoInfer<Options>, context: SourceContext): Detection;
  /**
   * How it finds the tenant that it signs in to unless a request asks for another; `homeTenantOf`
   * tells the source what core has found. Absent: for `tenantPolicy: "allow-list"` its option
   * `tenantId`, else the config's; for `any` it has no home, also where the config names a tenant,
   * which does not apply to it.
   */
  readonly homeTenant?: HomeTenant<NoInfer<Options>>;
  /**
   * Stable, non-secret text that names the principal of its tokens: part of every stored key. Two
   * principals never have the same subject on any machine, because a store may be shared; never
   * derived from a secret. `undefined`: the principal cannot be named, so its tokens live in memory
   * only.
   */
  subject(options: NoInfer<Options>, context: SourceContext): string | undefined;
  /**
   * For tools whose account can change outside this process: a few synchronous stats (≤ 20 µs).
   * Part of the key; compared on every hit.
   */
  accountState?(options: NoInfer<Options>, context: SourceContext): string;
  /**
   * Runs on first use, and again when the options have changed, under the deadline. Heavy libraries
   * are imported here. A call that fails is repeated for the next request.
   *
   * @throws {IdentityError} made by `outcomeError` (docs/errors.md); anything else becomes `failed`
   */
  create(options: NoInfer<Options>, context: SourceContext): Credential | Promise<Credential>;
}

/**
 * What a source knows about its host before a token is requested. The chain decides by it what
 * follows a failure of a `deployed` source (see `errors/outcomes.ts`):
 *
 * - `ready`: it was configured to work here, by options or variables; any failure stops the chain
 * - `likely`: the machine looks like its place; a refusal stops, silence stops only a chain that
 *   names the source
 * - `possible`: no evidence either way; after no answer the next source is tried, named or not
 * - `absent`: evidence against it; the source is skipped
 */
export interface Detection {
  /** What the evidence says, from `ready` to `absent`. */
  readonly state: "ready" | "likely" | "possible" | "absent";
  /**
   * One sentence for the walk, e.g. `AZURE_CLIENT_ID is not set.` Names, never values of secrets.
   */
  readonly reason: string;
  /** Why it is absent. Default `not-configured`. */
  readonly code?: OutcomeCode;
  /** What to do about its absence, as a sentence or a command. */
  readonly remedy?: string;
  /**
   * Whether the platform that the source is for is here and lacks one thing, which `remedy` says,
   * as a job without a permission does. When no source returns a token, that is the likeliest
   * cause. Default false.
   */
  readonly isIncomplete?: boolean;
}

/** What a source creates. */
export interface Credential {
  /**
   * One acquisition. No cache, no sharing, no chain: core does these. Retries through
   * `context.retry` only.
   *
   * @throws {IdentityError} made by `outcomeError` (docs/errors.md); anything else becomes `failed`
   */
  getToken(request: TokenRequest): Promise<IssuedToken>;
  /**
   * A cheap look whether the source's host is there, for a chain of several. Called when `detect`
   * says `possible`, at most once while its answer stands; and again, for a few minutes, when the
   * host was silent and a developer source answered in its place. `likely` or `ready`: the host was
   * recognised.
   *
   * @throws {IdentityError} as `getToken` (docs/errors.md); the source has failed then
   */
  probe?(signal: AbortSignal): Promise<Detection>;
  /**
   * Sources in which people sign in: the account that the next token will be for, as far as it is
   * known without a prompt. A stable text without secrets, the `account` of the tokens; part of
   * every stored key, so that accounts never mix.
   *
   * @throws {IdentityError} as `getToken` (docs/errors.md); the acquisition fails then
   */
  account?(signal: AbortSignal): Promise<string | undefined>;
  /**
   * Interactive sources: signs a user in now, and returns the account.
   *
   * @throws {IdentityError} as `getToken` (docs/errors.md), e.g. `sign-in-declined`, `no-browser`
   */
  authenticate?(request: TokenRequest): Promise<AuthenticationRecord>;
  [Symbol.asyncDispose]?(): PromiseLike<void>;
}

/** Names an account in which a user signed in; holds no secret. Format of the Azure SDKs. */
export interface AuthenticationRecord {
  /** Host of the authority, e.g. `login.microsoftonline.com`. */
  readonly authority: string;
  /** Id of the account in its home tenant: `<object id>.<tenant id>`, as MSAL writes it. */
  readonly homeAccountId: string;
  /** Application (client) id for which the user signed in. */
  readonly clientId: string;
  /** Tenant in which the user signed in. */
  readonly tenantId: string;
  /** Account name, usually an address. Personal data. */
  readonly username: string;
}

/**
 * How a source finds its home tenant: the one it signs in to unless a request names another. First
 * comes its option `tenantId`, then `own`, the config's `tenantId`, `variables`, and last
 * `otherwise`. `tenantId: null` as an option skips the config and the variables; in the config it
 * skips the variables.
 */
export interface HomeTenant<Options = unknown> {
  /**
   * What is stronger than the config, such as a tenant that belongs to a client id found in the
   * environment.
   */
  own?(options: Options, context: OptionsContext): string | undefined;
  /**
   * Variables that name it, the first that is set. Applications and pods have `AZURE_TENANT_ID`
   * here, which is the tenant of a service principal; sources of users and of developer tools have
   * none. Default: none.
   */
  readonly variables?: readonly string[];
  /**
   * The tenant where nothing names one. Absent: the source has no home then, and its account
   * decides.
   */
  otherwise?(options: Options, context: OptionsContext): string | undefined;
  /**
   * Whether it cannot sign in without: then `tenantId: null` of the config is refused where nothing
   * else names one. Default false.
   */
  readonly required?: boolean;
}

/**
 * Any Standard Schema (v1) validator, with what Standard Schema leaves out: the JSON Schema for
 * editors, which options are secrets, and which are unsafe.
 */
export interface OptionsSchema<Options> {
  /** The validator, synchronous. Source: https://standardschema.dev */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: unknown; readonly output: Options } | undefined;
  };
  /** The table of `defineOptions`, from which the JSON Schema for editors is made. */
  readonly fields?: Readonly<Record<string, { readonly description?: string }>>;
  /** Groups of options in the table of which one at most may be set. */
  readonly exclusive?: readonly (readonly string[])[];
  /** JSON Schema of the options where there is no table, for editors. Default: any object. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>;
  /** Names of options that are never shown and, in a config file, have to be references. */
  readonly secrets?: readonly string[];
  /** Names of unsafe options; `mode: "production"` refuses them. */
  readonly unsafe?: readonly string[];
}
