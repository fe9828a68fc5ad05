import { checkTenant } from "../settings/check-arguments.ts";
import { authenticateBy, tokenOf } from "../shared/calls.ts";
import type {
  AuthenticationRecord,
  CredentialPersistenceOptions,
  InteractiveCredentialOptions,
} from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** What a user is shown. */
export interface DeviceCodeInfo {
  /** Code to type. */
  userCode: string;
  /** URL of the page to type it on. */
  verificationUri: string;
  /** A sentence with both. */
  message: string;
  /** When the code expires: milliseconds since 1970-01-01 UTC. */
  expiresOnTimestamp?: number;
}

/** Shows a device code to the user. */
export type DeviceCodePromptCallback = (deviceCodeInfo: DeviceCodeInfo) => void;

/** Options of a {@link DeviceCodeCredential}. */
export interface DeviceCodeCredentialOptions extends InteractiveCredentialOptions, CredentialPersistenceOptions {
  /** Directory (tenant) id or domain. Default: any organization's. */
  tenantId?: string;
  /** Application (client) id. Default: the Azure CLI's, for development tools only. */
  clientId?: string;
  /** Shows the code. Default: writes the message to the console. */
  userPromptCallback?: DeviceCodePromptCallback;
}

const writeToConsole: DeviceCodePromptCallback = ({ message }) => console.log(message);

/** Signs in a user, who types a code on another device. */
export class DeviceCodeCredential extends Credential {
  constructor(options?: DeviceCodeCredentialOptions) {
    super();
    const { tenantId, clientId, userPromptCallback, authenticationRecord, disableAutomaticAuthentication } =
      options ?? {};
    checkTenant(tenantId);
    signsInBy(
      this,
      { DeviceCodeCredential },
      {
        source: "device-code",
        sourceOptions: {
          tenantId: tenantId || undefined,
          clientId,
          userPromptCallback: userPromptCallback ?? writeToConsole,
          authenticationRecord,
          disableAutomaticAuthentication,
        },
        options,
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
