import { CredentialUnavailableError } from "../errors/errors.ts";
import { checkTenant } from "../settings/check-arguments.ts";
import { tokenOf } from "../shared/calls.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";

/** Characters that are safe in an argument of a tool. */
const scopeCharacters = /^[0-9a-zA-Z-_.:/]+$/;

/** A token of a developer tool, whose arguments are checked before it runs. */
export async function toolToken(
  credential: object,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AccessToken> {
  checkTenant(options?.tenantId);
  const wrong = [scopes].flat().find((scope) => typeof scope === "string" && !scopeCharacters.test(scope));
  if (wrong === undefined) return tokenOf(credential, scopes, options);
  throw new CredentialUnavailableError(
    `Invalid scope was specified: ${JSON.stringify(wrong)}. Ask for a resource, like https://vault.azure.net/.default.`,
  );
}
