import type { AccessToken, OperationTracingOptions, TokenCredential } from "./types/token.ts";

/** Options of a token provider. */
export interface GetBearerTokenProviderOptions {
  /** Ends the waits of all calls. */
  abortSignal?: AbortSignal;
  /** Where the spans of the calls belong. */
  tracingOptions?: OperationTracingOptions;
}

/** Before a token expires another one is requested. */
const marginMs = 2 * 60_000;

const isFresh = ({ expiresOnTimestamp, refreshAfterTimestamp }: AccessToken) =>
  Date.now() < Math.min(refreshAfterTimestamp ?? Number.POSITIVE_INFINITY, expiresOnTimestamp - marginMs);

/**
 * Whether requests are apart, as in a Worker (workerd): what one of them has begun ends with it,
 * and others would wait for it in vain. Credentials of ours share a token request there all the
 * same.
 */
const areRequestsApart = () => "WebSocketPair" in globalThis;

/** In the words of `@azure/identity`, which checks it when a token is requested. */
function checkCredential(credential: unknown): void {
  if (typeof Object(credential).getToken === "function") return;
  const remedy = "Pass a credential to getBearerTokenProvider, such as new DefaultAzureCredential().";
  if (!credential) throw new Error(`Failed to get access token: there is no credential. ${remedy}`);
  throw new TypeError(`credential.getToken is not a function. ${remedy}`);
}

/**
 * A function that returns the text of a token, for clients that take one instead of a credential,
 * such as OpenAI's. It keeps a token until it is due for another, and calls at once share a
 * request, because a credential of another library may ask for a new token each time.
 */
export function getBearerTokenProvider(
  credential: TokenCredential,
  scopes: string | string[],
  options?: GetBearerTokenProviderOptions,
): () => Promise<string> {
  const { abortSignal, tracingOptions } = options ?? {};
  let held: AccessToken | undefined;
  let pending: Promise<AccessToken> | undefined;
  const request = async (): Promise<AccessToken> => {
    checkCredential(credential);
    const token = await credential.getToken(scopes, { abortSignal, tracingOptions, enableCae: true });
    if (token?.token) return token;
    throw new Error("Failed to get access token: the credential returned none.");
  };
  const shared = (): Promise<AccessToken> => {
    pending ??= request().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  return async () => {
    if (held !== undefined && isFresh(held)) return held.token;
    held = await (areRequestsApart() ? request() : shared());
    return held.token;
  };
}
