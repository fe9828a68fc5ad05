import { checkTenant } from "../settings/check-arguments.ts";
import { authenticateBy, tokenOf } from "../shared/calls.ts";
import type {
  AuthenticationRecord,
  BrokerAuthOptions,
  BrokerOptions,
  BrowserCustomizationOptions,
  BrowserLoginStyle,
  CredentialPersistenceOptions,
  InteractiveCredentialOptions,
} from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";
import { pageText } from "./page-text.ts";

/** Options of an {@link InteractiveBrowserCredential} in Node.js. */
export interface InteractiveBrowserCredentialNodeOptions
  extends InteractiveCredentialOptions,
    CredentialPersistenceOptions,
    BrowserCustomizationOptions,
    BrokerAuthOptions {
  /** Without effect: the browser returns to a free port of `http://localhost`. */
  redirectUri?: string | (() => string);
  /** Directory (tenant) id or domain. Default: any organization's. */
  tenantId?: string;
  /** Application (client) id. Default: the Azure CLI's, for development tools only. */
  clientId?: string;
  /** Account name that the page suggests. */
  loginHint?: string;
}

/**
 * Options of an {@link InteractiveBrowserCredential} in a browser, where this package does not run.
 */
export interface InteractiveBrowserCredentialInBrowserOptions extends InteractiveCredentialOptions {
  /** Where the sign-in page returns to. */
  redirectUri?: string | (() => string);
  /** Directory (tenant) id or domain. */
  tenantId?: string;
  /** Application (client) id. */
  clientId: string;
  /** How the sign-in page is shown. */
  loginStyle?: BrowserLoginStyle;
  /** Account name that the page suggests. */
  loginHint?: string;
}

function readBrokerOptions(options: BrokerOptions | undefined) {
  if (!options?.enabled) return undefined;
  if (!options.parentWindowHandle)
    throw new Error("To sign in with the broker, `parentWindowHandle` under `brokerOptions` is a required parameter.");
  const { enabled, parentWindowHandle, useDefaultBrokerAccount, legacyEnableMsaPassthrough } = options;
  return { enabled, parentWindowHandle, useDefaultBrokerAccount, legacyEnableMsaPassthrough };
}

/** Signs a user in with the browser of this machine. */
export class InteractiveBrowserCredential extends Credential {
  constructor(options: InteractiveBrowserCredentialNodeOptions | InteractiveBrowserCredentialInBrowserOptions) {
    super();
    const given: InteractiveBrowserCredentialNodeOptions = options ?? {};
    const { tenantId, clientId, loginHint, authenticationRecord, disableAutomaticAuthentication } = given;
    checkTenant(tenantId);
    const { successMessage, errorMessage } = given.browserCustomizationOptions ?? {};
    const texts = { successMessage: pageText(successMessage), errorMessage: pageText(errorMessage) };
    signsInBy(
      this,
      { InteractiveBrowserCredential },
      {
        source: "interactive-browser",
        sourceOptions: {
          tenantId: tenantId || undefined,
          clientId,
          loginHint,
          authenticationRecord,
          disableAutomaticAuthentication,
          browserCustomizationOptions: given.browserCustomizationOptions && texts,
          brokerOptions: readBrokerOptions(given.brokerOptions),
        },
        options: given,
        shares: false, // a user signs in
      },
    );
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }

  /**
   * Signs a user in now, and returns the account, which can be stored and passed as
   * `authenticationRecord`.
   *
   * @throws {Error} as `getToken`
   */
  async authenticate(scopes: string | string[], options?: GetTokenOptions): Promise<AuthenticationRecord | undefined> {
    return authenticateBy(this, scopes, options);
  }
}
