import { aadstsUserRows, entraError } from "@azidentity/core/entra";
import type { HttpResponse, IdentityError } from "@azidentity/core/plugin";

/**
 * Entra's refusal of a user's request; see `entraError`.
 *
 * @param now milliseconds since 1970
 * @param secrets what was sent
 */
export function refusalOfUser(
  sourceName: string,
  response: HttpResponse,
  now: number,
  secrets?: readonly string[],
): IdentityError {
  return entraError(sourceName, response, now, { secrets, rows: aadstsUserRows });
}
