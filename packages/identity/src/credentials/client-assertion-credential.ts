import { isOfCore } from "../errors/core-error.ts";
import { translateError } from "../errors/translate.ts";
import { checkTenant, requireArguments } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import type {
  AuthorityValidationOptions,
  CredentialPersistenceOptions,
  MultiTenantTokenCredentialOptions,
} from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { Credential, signsInBy } from "./base.ts";

/** Options of a {@link ClientAssertionCredential}. */
export interface ClientAssertionCredentialOptions
  extends MultiTenantTokenCredentialOptions,
    CredentialPersistenceOptions,
    AuthorityValidationOptions {}

/** Names of errors that reach the caller as they are when the program's function throws them. */
const kept: readonly unknown[] = ["AuthenticationError", "AbortError", "ClientConfigurationError"];

/** The program's function, and what it threw last. */
function rethrowing(getAssertion: () => Promise<string>) {
  let last: unknown;
  return {
    async call() {
      try {
        return await getAssertion();
      } catch (error) {
        last = error;
        throw error;
      }
    },
    thrown(error: unknown): unknown {
      const isCallbacks = isOfCore(error) && error.code === "assertion-callback-failed";
      return isCallbacks && kept.includes(Object(last).name) ? last : undefined;
    },
  };
}

/** Signs in an application with assertions that a function of the program returns. */
export class ClientAssertionCredential extends Credential {
  constructor(
    tenantId: string,
    clientId: string,
    getAssertion: () => Promise<string>,
    options?: ClientAssertionCredentialOptions,
  ) {
    super();
    requireArguments("ClientAssertionCredential", { tenantId, clientId, getAssertion });
    checkTenant(tenantId);
    const callback = rethrowing(getAssertion);
    signsInBy(
      this,
      { ClientAssertionCredential },
      {
        source: "client-assertion",
        sourceOptions: { tenantId, clientId, getAssertion: callback.call },
        options,
        translate: (error, call) => callback.thrown(error) ?? translateError(error, "required", call),
        shares: false, // only the program knows whether two functions return assertions of one principal
      },
    );
  }

  override getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
