import {
  AuthenticationRequiredError,
  type IssuedToken,
  type TokenRequest,
  untilAborted,
} from "@azidentity/core/plugin";

export interface PromptSettings {
  /** Name of the source; prefix of error messages. */
  readonly sourceName: string;
  /** `false`: only `authenticate()` prompts the user. */
  readonly automatic: boolean;
  /** Whether a prompt could resolve this failure of `silent`. */
  readonly needsUser: (error: unknown) => boolean;
  /** Gets a token without a prompt. */
  readonly silent: (request: TokenRequest) => Promise<IssuedToken>;
  /** Gets a token with a prompt; `refusal`: why `silent` failed. */
  readonly prompt: (request: TokenRequest, refusal: unknown) => Promise<IssuedToken>;
}

/** Gets tokens silently if possible, otherwise with one prompt for all waiting callers. */
export interface SinglePrompt {
  getToken(request: TokenRequest): Promise<IssuedToken>;
  /** Prompts in any case, after the prompts that were requested before. */
  authenticate<T>(request: TokenRequest, signIn: () => Promise<T>): Promise<T>;
}

export function createSinglePrompt(settings: PromptSettings): SinglePrompt {
  const { sourceName, automatic, needsUser, silent, prompt } = settings;
  const queue = createQueue();
  let completedPrompts = 0;

  const counted = async <T>(answer: Promise<T>): Promise<T> => {
    const result = await answer;
    completedPrompts++;
    return result;
  };
  /** The token, or the failure that only the user can resolve. */
  const trySilently = (request: TokenRequest) =>
    silent(request).then(
      (issued) => ({ issued }),
      (refusal: unknown) => {
        if (!needsUser(refusal)) throw refusal;
        return { refusal };
      },
    );

  return {
    async getToken(request) {
      const before = completedPrompts;
      const first = await trySilently(request);
      if ("issued" in first) return first.issued;
      if (request.background || !automatic) throw signInRequired(sourceName, request, first.refusal);
      return queue(request.signal, async () => {
        // a prompt that completed while this caller waited may have made its own unnecessary
        const last = completedPrompts === before ? first : await trySilently(request);
        return "issued" in last ? last.issued : counted(prompt(request, last.refusal));
      });
    },
    authenticate: (request, signIn) => queue(request.signal, () => counted(signIn())),
  };
}

/**
 * Runs one piece of work at a time, in the order of the calls: a user cannot look at two sign-in
 * pages. Work whose signal ends while it waits is never started.
 */
export function createQueue() {
  let last = Promise.resolve();
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    try {
      await untilAborted(before, signal);
      return await work();
    } finally {
      before.then(resolve);
    }
  };
}

/** The claims that the user has to satisfy, from Entra's refusal. */
export const claimsOf = (error: unknown) => (error as AuthenticationRequiredError | undefined)?.claims;

/**
 * The error when a prompt is not allowed: has all arguments that `authenticate()` must be called
 * with.
 */
function signInRequired(sourceName: string, request: TokenRequest, cause: unknown): AuthenticationRequiredError {
  const { scopes, tenantId, enableCae, proofOfPossession } = request;
  const claims = request.claims ?? claimsOf(cause);
  return new AuthenticationRequiredError(`${sourceName}: a user has to sign in, and prompts are not allowed here.`, {
    code: "sign-in-required",
    remedy: "Call authenticate() with these scopes when a user can respond.",
    scopes,
    claims,
    getTokenOptions: {
      enableCae,
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(claims === undefined ? {} : { claims }),
      ...(proofOfPossession === undefined ? {} : { proofOfPossessionOptions: proofOfPossession }),
    },
    cause,
  });
}
