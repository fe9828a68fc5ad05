import {
  type AuthenticationRecord,
  type Credential,
  type CredentialSource,
  checkRecordOfApplication,
  defineSource,
  developerClientId,
  type HomeTenant,
  homeTenantOf,
  type NativeBrokerOptions,
  type ObjectOf,
  type OptionsSchema,
  type SourceContext,
} from "@azidentity/core/plugin";
import type { SignIn, UserApplication } from "./sign-in.ts";

/** The options that all sources of users have. Names as in the Azure SDKs. */
export const userFields = {
  tenantId: {
    type: "string",
    nullable: true,
    description:
      "Tenant that users sign in to: id or domain, or `common`, `organizations`, `consumers`. Default: the config's `tenantId`, else `common` with a `clientId`, `organizations` without; null ignores the config's.",
  },
  clientId: {
    type: "string",
    description: "Application (client) id. Default: the Azure CLI's, for development tools only.",
  },
  authenticationRecord: {
    type: "object",
    open: true,
    fields: {},
    as: {} as AuthenticationRecord,
    description: "The user to get tokens for, as returned by `authenticate()`.",
  },
  disableAutomaticAuthentication: {
    type: "boolean",
    description: "Throw AuthenticationRequiredError instead of prompting the user. Default false.",
  },
} as const;

export type UserOptions = ObjectOf<typeof userFields>;

/** Options for a sign-in with the broker of the operating system. */
export type BrokerSignInOptions = Pick<
  NativeBrokerOptions,
  "redirectUri" | "loginHint" | "useDefaultBrokerAccount" | "parentWindowHandle" | "legacyEnableMsaPassthrough"
>;

/** What differs between the sources of users. */
export interface UserSource<Name extends string, Options extends UserOptions> {
  readonly name: Name;
  readonly options: OptionsSchema<Options>;
  /** Deadline of an acquisition, prompt included, in milliseconds. */
  readonly deadlineMs: number | ((options: Options) => number);
  /**
   * Variables with the home tenant if neither options nor config have it; see `HomeTenant`.
   * Default: none.
   */
  readonly tenantVariables?: readonly string[];
  /**
   * The user that options name, besides `authenticationRecord`; part of cache keys. Absent: no
   * option does, and the account that signs in distinguishes users. Returns `undefined` if options
   * determine the user, but the name is unknown.
   */
  readonly usernameForKey?: (options: Options) => string | undefined;
  /** Account name of the user to reuse among those who signed in before. */
  readonly username?: (options: Options) => string | undefined;
  /** See `SessionSettings.reuseExistingAccount`. */
  readonly reuseExistingAccount: boolean;
  /** See `CredentialSource.neverPrompts`. */
  readonly neverPrompts?: boolean;
  /** Options for the broker of the operating system; `undefined`: it is not used. */
  readonly broker?: (options: Options) => BrokerSignInOptions | undefined;
  /** Secret of a confidential client. */
  readonly clientSecret?: (options: Options) => string | undefined;
  /**
   * Throws when options lack what a sign-in takes; without `authenticationRecord` there is always
   * one.
   */
  readonly requireSignInOptions?: (options: Options) => void;
  /** Called once for each credential. */
  readonly signIn: (application: UserApplication, options: Options, context: SourceContext) => SignIn | Promise<SignIn>;
}

/**
 * The tenant if no setting names one: every account may sign in to a registered application, only
 * work and school accounts to the Azure CLI's.
 */
function defaultTenant({ clientId, authenticationRecord }: UserOptions): string {
  const shared = clientId === undefined || clientId === developerClientId ? "organizations" : "common";
  return authenticationRecord?.tenantId ?? shared;
}

/** The application and the account of a sign-in. */
interface Principal {
  readonly clientId: string;
  readonly tenantId: string;
  readonly record: AuthenticationRecord | undefined;
}

/** The credential of users who sign in with the broker, or by what the source has for that. */
async function createCredential<Options extends UserOptions>(
  source: UserSource<string, Options>,
  { clientId, tenantId, record }: Principal,
  options: Options,
  context: SourceContext,
): Promise<Credential> {
  const { name: sourceName, reuseExistingAccount } = source;
  const automatic = options.disableAutomaticAuthentication !== true;
  const broker = source.broker?.(options);
  if (broker !== undefined) {
    const { createBrokerUser } = await import("./broker-user.ts");
    const signIn = { ...broker, label: sourceName, clientId, tenantId, authenticationRecord: record };
    return createBrokerUser(signIn, automatic, context);
  }
  const { createUserCredential } = await import("./user-credential.ts");
  const application = { sourceName, clientId, clientSecret: source.clientSecret?.(options) };
  const username = source.username?.(options);
  const signIn = await source.signIn(application, options, context);
  return createUserCredential(
    { application, tenantId, record, reuseExistingAccount, username, automatic, signIn },
    context,
  );
}

export function defineUserSource<const Name extends string, Options extends UserOptions>(
  source: UserSource<Name, Options>,
): CredentialSource<Name, Options> {
  const { name: sourceName } = source;
  const clientIdOf = ({ clientId = developerClientId }: Options) => clientId;
  const recordOf = (options: Options) =>
    options.authenticationRecord &&
    checkRecordOfApplication(sourceName, clientIdOf(options), options.authenticationRecord);
  const homeTenant: HomeTenant<Options> = { variables: source.tenantVariables ?? [], otherwise: defaultTenant };
  const tenantOf = (options: Options, context: SourceContext) =>
    homeTenantOf(homeTenant, options, context) ?? defaultTenant(options);
  return defineSource<Name, Options>({
    name: sourceName,
    kind: "interactive",
    tenantPolicy: "allow-list",
    deadlineMs: source.deadlineMs,
    neverPrompts: source.neverPrompts ?? false,
    supports: (options) => (source.broker?.(options) === undefined ? [] : ["proof-of-possession"]),
    options: source.options,
    detect: () => ({ state: "ready", reason: "It prompts the user to sign in." }),
    homeTenant,
    subject(options) {
      const record = options.authenticationRecord?.homeAccountId;
      const named = source.usernameForKey?.(options);
      if (source.usernameForKey !== undefined && record === undefined && named === undefined) return undefined;
      return JSON.stringify([clientIdOf(options), record ?? null, named ?? null]).toLowerCase();
    },
    requireOptions(options) {
      if (recordOf(options) === undefined) source.requireSignInOptions?.(options);
    },
    async create(options, context) {
      const [clientId, tenantId, record] = [clientIdOf(options), tenantOf(options, context), recordOf(options)];
      return createCredential(source, { clientId, tenantId, record }, options, context);
    },
  });
}
