import { type Credential, isIdentityError, outcomeError, type SourceContext } from "@azidentity/core/plugin";
import { sourceLookup } from "./client-authentication/federated.ts";

/**
 * Signs users in by username and password. It belongs to another plugin, @azidentity/plugin-users.
 */
const userSource = "username-password";

/** Options of that source. References let it read the password when it needs it. */
const user = {
  clientId: { env: "AZURE_CLIENT_ID" },
  username: { env: "AZURE_USERNAME" },
  password: { env: "AZURE_PASSWORD" },
} as const;

function asEnvironmentError(sourceName: string, cause: unknown): unknown {
  if (!isIdentityError(cause) || cause.code !== "unknown-source") return cause;
  const message = `${sourceName}: AZURE_USERNAME and AZURE_PASSWORD name a user, and no plugin has "${userSource}".`;
  return outcomeError("misconfigured", message, { code: "no-user-source", remedy: cause.remedy, cause });
}

/**
 * Signs in the user that the environment variables name. The tokens are cached as those of the
 * source that asks, and not a second time as those of the source that gets them.
 */
export async function createUserCredential(
  sourceName: string,
  tenantId: string,
  context: SourceContext,
): Promise<Credential> {
  const lookup = await sourceLookup(sourceName, context);
  try {
    return lookup.credential(userSource, { ...user, tenantId }, { cached: false });
  } catch (cause) {
    throw asEnvironmentError(sourceName, cause);
  }
}
