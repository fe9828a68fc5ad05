import type { IdentityError, SourceContext } from "@azidentity/core/plugin";
import { createTestContext } from "@azidentity/core/testing";

/** The context of a source; `given` replaces its fields. */
export const sourceContext = (given: Partial<SourceContext> = {}): SourceContext => ({
  ...createTestContext(),
  ...given,
});

/** The response of a token endpoint with a token for an hour; `changes` make it invalid. */
export function tokenAnswer(changes: Readonly<Record<string, unknown>> = {}) {
  const body = JSON.stringify({ token_type: "Bearer", access_token: "opaque", expires_in: 3599, ...changes });
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body };
}

/** An error response of Entra. */
export const refusal = (number: number, more: object = {}) => ({
  status: 400,
  body: JSON.stringify({
    error: "invalid_grant",
    error_description: `AADSTS${number}: No.\r\nTrace ID: 1`,
    error_codes: [number],
    ...more,
  }),
});

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<IdentityError> {
  return promise.then(
    () => {
      throw new TypeError("It succeeded.");
    },
    (error) => error,
  );
}

/** What a call throws at once; `undefined`: nothing. */
export function thrownBy(act: () => unknown): IdentityError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error as IdentityError;
  }
}
