import { defineOptions, type ObjectOf, outcomeError } from "@azidentity/core/plugin";
import { defineUserSource, userFields } from "../user/user-source.ts";

const sourceName = "username-password";

const fields = {
  ...userFields,
  clientId: { type: "string", required: true, description: "Application (client) id." },
  username: { type: "string", description: "Account name, such as ann@contoso.com." },
  password: { type: "string", secret: true, description: "The user's password." },
} as const;

/** Options of the source `username-password`. */
export type UsernamePasswordOptions = ObjectOf<typeof fields>;

/** The user, or an error that says what is missing. */
function requireUser({ username, password }: UsernamePasswordOptions) {
  if (username && password) return { username, password };
  throw outcomeError("misconfigured", `${sourceName}: \`username\` or \`password\` is missing.`, {
    code: "incomplete-options",
    remedy: `Set all options of ${sourceName}, in the chain or under \`sources\`.`,
  });
}

/**
 * Signs a user in by a password.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc
 *
 * @deprecated Microsoft advises against it: it fails wherever multi-factor authentication is
 * required. Use a managed identity or a service principal for a program, and `interactive-browser`
 * or `device-code` for a user.
 */
export const usernamePassword = defineUserSource({
  name: sourceName,
  options: defineOptions(fields),
  deadlineMs: 30_000,
  usernameForKey: ({ username }: UsernamePasswordOptions) => username,
  neverPrompts: true, // the options have all that it takes
  reuseExistingAccount: false, // otherwise a wrong password would get tokens of an earlier sign-in
  requireSignInOptions: (options) => void requireUser(options),
  async signIn(application, options: UsernamePasswordOptions, context) {
    const { acquireByPassword } = await import("../msal/user-grants.ts");
    return (request) => acquireByPassword({ ...application, ...requireUser(options) }, request, context);
  },
});
