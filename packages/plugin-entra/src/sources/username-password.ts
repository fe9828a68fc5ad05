import { defineOptions, type ObjectOf, outcomeError } from "@azidentity/core/plugin";
import { entraRetries } from "../retries.ts";
import { defineUserSource, userFields } from "../user/user-source.ts";

const who = "username-password";

const fields = {
  ...userFields,
  clientId: { type: "string", required: true, description: "Application (client) id." },
  username: { type: "string", description: "Account name, such as ann@contoso.com." },
  password: { type: "string", secret: true, description: "The user's password." },
} as const;
export type UsernamePasswordOptions = ObjectOf<typeof fields>;

/**
 * Signs a user in by a password.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc
 *
 * @deprecated Microsoft advises against it: it ends wherever multi-factor authentication begins. Use a managed identity or a service
 * principal for a program, and `interactive-browser` or `device-code` for a person.
 */
export const usernamePassword = defineUserSource({
  name: who,
  options: defineOptions(fields),
  deadlineMs: 30_000,
  names: ({ username }: UsernamePasswordOptions) => username,
  adopts: false, // or a wrong password would do for whoever gave the right one before
  async signIn(application, { username, password }: UsernamePasswordOptions, context) {
    if (!username || !password) {
      return () => {
        throw outcomeError("misconfigured", `${who}: it lacks \`username\` or \`password\`.`, {
          code: "incomplete-options",
          remedy: `Give all options of ${who}, in the chain or under \`sources\`.`,
        });
      };
    }
    const { acquireByPassword } = await import("../msal/username-password.ts");
    const user = { ...application, username, password };
    return (request) => context.retry(entraRetries, () => acquireByPassword(user, request, context), request);
  },
});
