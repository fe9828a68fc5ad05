import { defineOptions, type ObjectOf, outcomeError } from "@azidentity/core/plugin";
import { defineUserSource, userFields } from "../user/user-source.ts";

const sourceName = "authorization-code";

const fields = {
  ...userFields,
  clientId: { type: "string", required: true, description: "Application (client) id." },
  clientSecret: {
    type: "string",
    secret: true,
    description: "Value of one of the application's client secrets. Leave it out for a public application.",
  },
  authorizationCode: {
    type: "string",
    secret: true,
    description:
      "The code that Entra's sign-in page sent to `redirectUri`. Valid once; afterwards a refresh token is used.",
  },
  redirectUri: { type: "string", description: "As in the request for the code." },
  codeVerifier: {
    type: "string",
    secret: true,
    description: "The verifier of the request's `code_challenge` (PKCE), if it had one.",
  },
  nonce: { type: "string", description: "`nonce` of the request for the code, if it had one." },
} as const;
export type AuthorizationCodeOptions = ObjectOf<typeof fields>;

/** The code and where it was sent, or an error that says what is missing. */
function requireCode({ authorizationCode: code, redirectUri }: AuthorizationCodeOptions) {
  if (code && redirectUri) return { code, redirectUri };
  throw outcomeError("misconfigured", `${sourceName}: \`authorizationCode\` or \`redirectUri\` is missing.`, {
    code: "incomplete-options",
    remedy: "Set both: the code, and the URI that Entra's sign-in page sent it to.",
  });
}

/**
 * Redeems the authorization code that a web application received from the sign-in page.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export const authorizationCode = defineUserSource({
  name: sourceName,
  options: defineOptions(fields),
  deadlineMs: 60_000,
  usernameForKey: () => undefined, // only the code identifies the user, and it is a secret
  reuseExistingAccount: false, // the code identifies the user
  tenantVariables: ["AZURE_TENANT_ID"], // web applications set it with their secret
  neverPrompts: true, // the user has signed in at the web application's page
  clientSecret: ({ clientSecret }: AuthorizationCodeOptions) => clientSecret,
  requireSignInOptions: (options: AuthorizationCodeOptions) => void requireCode(options),
  async signIn(application, options, context) {
    const { signInByOwnCode } = await import("../user/own-code-sign-in.ts");
    const { codeVerifier, nonce } = options;
    return signInByOwnCode(application, () => ({ ...requireCode(options), codeVerifier, nonce }), context);
  },
});
