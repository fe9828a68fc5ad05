import {
  type AuthenticationRecord,
  type CredentialSource,
  defineSource,
  type HomeTenant,
  homeTenantOf,
  type NativeBrokerOptions,
  type ObjectOf,
  type OptionsSchema,
  outcomeError,
  type SourceContext,
} from "@azidentity/core/plugin";
import { checkAuthenticationRecord } from "./authentication-record.ts";
import type { SignIn, UserApplication } from "./sign-in.ts";

/** The options that all sources of users have. Names as in the Azure SDKs. */
export const userFields = {
  tenantId: {
    type: "string",
    nullable: true,
    description:
      "Tenant in which users sign in: id or domain, or `common`, `organizations`, `consumers`. Default: the config's `tenantId`, else `common` with a `clientId`, `organizations` without; null ignores the config's.",
  },
  clientId: {
    type: "string",
    description:
      "Application (client) id. Default: that of the Azure CLI, which tools may use and services should not.",
  },
  authenticationRecord: {
    type: "object",
    open: true,
    fields: {},
    as: {} as AuthenticationRecord,
    description: "The user to get tokens for, as `authenticate()` returned it.",
  },
  disableAutomaticAuthentication: {
    type: "boolean",
    description: "Fail with AuthenticationRequiredError instead of asking a person. Default false.",
  },
} as const;

export type UserOptions = ObjectOf<typeof userFields>;

/** How the broker is to sign people in. */
export type BrokerWishes = Pick<
  NativeBrokerOptions,
  "redirectUri" | "loginHint" | "useDefaultBrokerAccount" | "parentWindowHandle" | "legacyEnableMsaPassthrough"
>;

/** What the sources of users differ in. */
export interface UserSource<Name extends string, Options extends UserOptions> {
  readonly name: Name;
  readonly options: OptionsSchema<Options>;
  /** Milliseconds that a person may take. */
  readonly deadlineMs: number | ((options: Options) => number);
  /** Variables that name its home tenant where neither options nor config do; see `HomeTenant`. Default: none. */
  readonly tenantVariables?: readonly string[];
  /**
   * What of its options names the user, besides `authenticationRecord`. Absent: none does, and the account that signs in, which is part of
   * stored keys anyway, tells users apart. `undefined`: options decide who the user is, but cannot tell.
   */
  readonly names?: (options: Options) => string | undefined;
  /** Account name of the user to look for among those who signed in before. */
  readonly username?: (options: Options) => string | undefined;
  /** Whether it takes over whoever signed in before; see `UserSettings.adopts`. */
  readonly adopts: boolean;
  /** See `CredentialSource.neverPrompts`. */
  readonly neverPrompts?: boolean;
  /** What the broker of the operating system is to do instead; `undefined`: nothing. */
  readonly broker?: (options: Options) => BrokerWishes | undefined;
  /** Its secret, where the application is confidential. */
  readonly clientSecret?: (options: Options) => string | undefined;
  /** Made once for each credential; throws when options are missing. */
  readonly signIn: (application: UserApplication, options: Options, context: SourceContext) => SignIn | Promise<SignIn>;
}

/** The Azure CLI, an application of Microsoft's own that every tenant knows. The Azure SDKs' default, too. */
const developerClientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** The tenant where nothing names one: every account may sign in to an application of one's own, and every work or school account to the Azure CLI. */
function defaultTenant({ clientId, authenticationRecord }: UserOptions): string {
  const shared = clientId === undefined || clientId === developerClientId ? "organizations" : "common";
  return authenticationRecord?.tenantId ?? shared;
}

/** The record of the options, if it can be of use to this application. */
function wantedUser(
  sourceName: string,
  clientId: string,
  { authenticationRecord }: UserOptions,
): AuthenticationRecord | undefined {
  if (authenticationRecord === undefined) return undefined;
  const record = checkAuthenticationRecord(authenticationRecord);
  if (record.clientId.toLowerCase() === clientId.toLowerCase()) return record;
  throw outcomeError(
    "misconfigured",
    `${sourceName}: \`authenticationRecord\` is of the application ${record.clientId}.`,
    {
      code: "foreign-authentication-record",
      remedy: "Give that `clientId`, or call authenticate() once more and keep its record.",
    },
  );
}

export function defineUserSource<const Name extends string, Options extends UserOptions>(
  source: UserSource<Name, Options>,
): CredentialSource<Name, Options> {
  const { name: sourceName } = source;
  const clientIdOf = ({ clientId = developerClientId }: Options) => clientId;
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
    detect: () => ({ state: "ready", reason: "It asks a person to sign in." }),
    homeTenant,
    subject(options) {
      const record = options.authenticationRecord?.homeAccountId;
      const named = source.names?.(options);
      if (source.names !== undefined && record === undefined && named === undefined) return undefined;
      return JSON.stringify([clientIdOf(options), record ?? null, named ?? null]).toLowerCase();
    },
    async create(options, context) {
      const { createUserCredential } = await import("./user-credential.ts");
      const clientId = clientIdOf(options);
      const tenantId = tenantOf(options, context);
      const record = wantedUser(sourceName, clientId, options);
      const automatic = options.disableAutomaticAuthentication !== true;
      const wishes = source.broker?.(options);
      if (wishes !== undefined) {
        const { createBrokerUser } = await import("./broker-user.ts");
        return createBrokerUser(
          { ...wishes, who: sourceName, clientId, tenantId, authenticationRecord: record },
          automatic,
          context,
        );
      }
      const application = { sourceName, clientId, clientSecret: source.clientSecret?.(options) };
      const settings = {
        application,
        tenantId,
        record,
        adopts: source.adopts,
        username: source.username?.(options),
        automatic,
        signIn: await source.signIn(application, options, context),
      };
      return createUserCredential(settings, context);
    },
  });
}
