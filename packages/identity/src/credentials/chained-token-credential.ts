import { prepareLink, tokenOf } from "../shared/instance.ts";
import type { AccessToken, GetTokenOptions, TokenCredential } from "../types/token.ts";
import { Credential, ownVariables } from "./base.ts";

/** After these the next credential is tried, as `@azure/identity` does; core stops after the second. */
const policy = { deployed: { "not-configured": "next", "interaction-required": "next" } } as const;

/**
 * Tries credentials in their order until one returns a token, and asks that one from then on. Ends
 * with the first error that is neither a CredentialUnavailableError nor an
 * AuthenticationRequiredError.
 */
export class ChainedTokenCredential extends Credential {
  constructor(...sources: TokenCredential[]) {
    super();
    prepareLink(this, {
      className: this.constructor.name,
      of: { chain: [...sources] },
      config: { policy },
      overrides: {},
      variables: ownVariables(),
      shares: false, // equal settings of credentials of other libraries are not known
      errors: "members",
    });
  }

  /**
   * Returns a token of the first credential that has one.
   *
   * @throws {AggregateAuthenticationError} No credential has one; `errors` has their errors (docs/errors.md).
   * @throws {Error} what the credential threw that ended the chain
   */
  override async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    return tokenOf(this, scopes, options);
  }
}
