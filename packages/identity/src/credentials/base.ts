import type { FailedCall } from "../errors/core-error.ts";
import { type ErrorRule, translateError } from "../errors/translate.ts";
import { checkAuthorityVariable } from "../settings/check-arguments.ts";
import { definedOf, readClientSettings, type SharedOptions } from "../settings/client-settings.ts";
import { readVariables, type Variables, without } from "../shared/environment.ts";
import { closeLink, prepareLink } from "../shared/instance.ts";
import type { AccessToken, AccessTokenInfo, GetTokenOptions } from "../types/token.ts";

/**
 * What all credentials have besides `getToken`, which each class declares itself: programs replace
 * it on the prototype of one class, and only there.
 */
export abstract class Credential implements AsyncDisposable {
  /**
   * Returns a token for the scopes, from memory where there is a valid one.
   *
   * @param scopes one scope, or several of one resource, e.g. `https://vault.azure.net/.default`
   * @throws {CredentialUnavailableError} The credential cannot work here (docs/errors.md).
   * @throws {AuthenticationRequiredError} There is no token without a new sign-in (docs/errors.md).
   * @throws {AuthenticationError} Entra or a host refused the request (docs/errors.md).
   */
  abstract getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>;

  /**
   * As `getToken`, with the fields that the Azure Identity libraries of other languages return.
   *
   * @throws {Error} as `getToken`
   */
  async getTokenInfo(scopes: string | string[], options?: GetTokenOptions): Promise<AccessTokenInfo> {
    const {
      token,
      tokenType = "Bearer",
      expiresOnTimestamp,
      refreshAfterTimestamp,
    } = await this.getToken(scopes, options);
    return { token, tokenType, expiresOn: expiresOnTimestamp, refreshOn: refreshAfterTimestamp };
  }

  /**
   * Ends what this credential has under way, and forgets its tokens, unless another credential with
   * the same settings uses them. Calls that it ends, and later ones, reject with an `AbortError`
   * whose `code` is `closed`. Never rejects itself.
   */
  close(): Promise<void> {
    return closeLink(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** How a credential signs in; what is left out is what most of them have. */
interface SignIn {
  /** A source of core. */
  readonly source: string;
  /** Options of that source; what is `undefined` or `null` is not given. */
  readonly sourceOptions: Readonly<Record<string, unknown>>;
  /** Options of that source as they are, beside these. Default: none. */
  readonly exactOptions?: Readonly<Record<string, unknown>>;
  /** The options of the constructor. */
  readonly options: SharedOptions | undefined;
  /** Default: the variables of now. */
  readonly variables?: Variables;
  /** Default `true`. */
  readonly shares?: boolean;
  /** The user on whose behalf. */
  readonly userAssertion?: string | undefined;
  /** The class that it chooses, which has spans below its own. Default: none. */
  readonly chosen?: string | undefined;
  /** Default `required`. */
  readonly errors?: ErrorRule;
  /** In the place of `errors`. */
  readonly translate?: (error: unknown, call: FailedCall) => unknown;
}

type CredentialClass = abstract new (...args: never[]) => Credential;

/**
 * The variables of now, without the list of tenants, which is for the environment's principal
 * alone.
 */
export const ownVariables = (): Variables => without(readVariables(), "AZURE_ADDITIONALLY_ALLOWED_TENANTS");

/**
 * Called at the end of a constructor: remembers how the credential signs in, and does nothing yet.
 *
 * @param of our class by its name, which a bundler does not change in the key of an object
 */
export function signsInBy(credential: Credential, of: Readonly<Record<string, CredentialClass>>, given: SignIn): void {
  const [[base, own]] = Object.entries(of) as [[string, CredentialClass]];
  const isOwn = credential.constructor === own;
  const { source, sourceOptions, options, userAssertion, shares = true } = given;
  const settings = readClientSettings(base, options);
  const variables = given.variables ?? ownVariables();
  if (given.errors === undefined) checkAuthorityVariable(options?.authorityHost); // applications and users
  const className = isOwn ? base : credential.constructor.name;
  prepareLink(credential, {
    className,
    spanNames: given.chosen === undefined ? [className] : [className, given.chosen],
    base,
    of: { source, options: { ...definedOf(sourceOptions), ...given.exactOptions }, userAssertion },
    ...settings,
    variables,
    shares: shares && settings.shares && isOwn,
    translate: given.translate ?? ((error, call) => translateError(error, given.errors ?? "required", call)),
  });
}
