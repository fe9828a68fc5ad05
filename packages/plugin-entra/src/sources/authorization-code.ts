import { defineOptions, type ObjectOf, outcomeError } from "@azidentity/core/plugin";
import { defineUserSource, userFields } from "../user/user-source.ts";

const who = "authorization-code";

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
    description: "What Entra's sign-in page sent to `redirectUri`. Good once; from then on a refresh token is used.",
  },
  redirectUri: { type: "string", description: "As in the request for the code." },
  codeVerifier: {
    type: "string",
    secret: true,
    description: "What `code_challenge` of the request for the code was made of (PKCE), where it had one.",
  },
  nonce: { type: "string", description: "`nonce` of the request for the code, where it had one." },
} as const;
export type AuthorizationCodeOptions = ObjectOf<typeof fields>;

/**
 * Goes on where a web application's sign-in page has ended: redeems its code.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export const authorizationCode = defineUserSource({
  name: who,
  options: defineOptions(fields),
  deadlineMs: 60_000,
  names: () => undefined, // the code does, which is a secret
  adopts: false, // the code says who it is
  tenantVariables: ["AZURE_TENANT_ID"], // a web application has it beside its secret
  neverPrompts: true, // the person signed in at the web application's page
  clientSecret: ({ clientSecret }: AuthorizationCodeOptions) => clientSecret,
  async signIn(application, { authorizationCode: code, redirectUri, codeVerifier, nonce }, context) {
    if (!code || !redirectUri) {
      return () => {
        throw outcomeError("misconfigured", `${who}: it lacks \`authorizationCode\` or \`redirectUri\`.`, {
          code: "incomplete-options",
          remedy: "Give both, as Entra's sign-in page sent the one to the other.",
        });
      };
    }
    const { signInByOwnCode } = await import("../user/own-code-sign-in.ts");
    return signInByOwnCode(application, { code, redirectUri, codeVerifier, nonce }, context);
  },
});
