import type { IssuedToken, TokenRequest } from "@azidentity/core/plugin";
import { createQueue } from "./queue.ts";
import { signInRequired } from "./sign-in-required.ts";

export interface QuestionSettings {
  readonly sourceName: string;
  /** `false`: nobody is asked but by `authenticate()`. */
  readonly automatic: boolean;
  /** Whether a person could mend what went wrong without one. */
  readonly isAboutPerson: (error: unknown) => boolean;
  /** A token without a person. */
  readonly silent: (request: TokenRequest) => Promise<IssuedToken>;
  /** A token by asking one; `refusal`: why there is none without. */
  readonly ask: (request: TokenRequest, refusal: unknown) => Promise<IssuedToken>;
}

/** Tokens without a person wherever that will do, and else one question for all who wait. */
export interface OneQuestion {
  getToken(request: TokenRequest): Promise<IssuedToken>;
  /** Asks, when its turn comes, whatever could be had without. */
  authenticate<T>(request: TokenRequest, signIn: () => Promise<T>): Promise<T>;
}

export function createOneQuestion({
  sourceName,
  automatic,
  isAboutPerson,
  silent,
  ask,
}: QuestionSettings): OneQuestion {
  const queue = createQueue();
  let answers = 0;

  const inTurn = <T>(request: TokenRequest, work: () => Promise<T>) => queue(request.signal, work);
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    const given = await answer;
    answers++;
    return given;
  };
  /** The token, or what only a person can mend. */
  const trySilently = (request: TokenRequest) =>
    silent(request).then(
      (issued) => ({ issued }),
      (refusal: unknown) => {
        if (!isAboutPerson(refusal)) throw refusal;
        return { refusal };
      },
    );

  return {
    async getToken(request) {
      const before = answers;
      const first = await trySilently(request);
      if ("issued" in first) return first.issued;
      if (request.background || !automatic) throw signInRequired(sourceName, request, first.refusal);
      return inTurn(request, async () => {
        // somebody may have signed in while this one waited, and then there may be nothing left to ask
        const last = answers === before ? first : await trySilently(request);
        return "issued" in last ? last.issued : answered(ask(request, last.refusal));
      });
    },
    authenticate: (request, signIn) => inTurn(request, () => answered(signIn())),
  };
}
