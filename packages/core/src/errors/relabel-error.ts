import { isIdentityError } from "./errors.ts";
import { outcomeError } from "./outcome-error.ts";

/**
 * The same failure as one of `label`, such as a source, with a remedy that fits there: services do
 * not know for whom they work. Errors that are not about an attempt, and those that have the label
 * already, are returned as they are.
 *
 * @param chooseRemedy gets the own remedy
 */
export function relabelError(
  error: unknown,
  label: string,
  chooseRemedy: (own: string | undefined) => string | undefined,
): unknown {
  if (!isIdentityError(error)) return error;
  if (error.name !== "CredentialUnavailableError" && error.name !== "AuthenticationError") return error;
  const { outcome, code, message, remedy } = error;
  if (message.startsWith(`${label}: `)) return error;
  const problem = remedy === undefined ? message : message.slice(0, -remedy.length - 1);
  return outcomeError(outcome, `${label}: ${problem}`, { code, remedy: chooseRemedy(remedy), cause: error });
}
