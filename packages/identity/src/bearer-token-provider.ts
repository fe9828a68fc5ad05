import { ChainedTokenCredential } from "./credentials/chained-token-credential.ts";
import type { OperationTracingOptions, TokenCredential } from "./types/token.ts";

/** Options of a token provider. */
export interface GetBearerTokenProviderOptions {
  /** Ends the waits of all calls. */
  abortSignal?: AbortSignal;
  /** Where the spans of the calls belong. */
  tracingOptions?: OperationTracingOptions;
}

/**
 * A function that returns the text of a token, for clients that take one instead of a credential,
 * such as OpenAI's. Each call asks the credential, which keeps its token until it is due for another.
 */
export function getBearerTokenProvider(
  credential: TokenCredential,
  scopes: string | string[],
  options?: GetBearerTokenProviderOptions,
): () => Promise<string> {
  const { abortSignal, tracingOptions } = options ?? {};
  // of another library, which may ask for a new token each time
  const remembering = new ChainedTokenCredential(credential);
  return async () => {
    const { token } = await remembering.getToken(scopes, { abortSignal, tracingOptions, enableCae: true });
    return token;
  };
}
