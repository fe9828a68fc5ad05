import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import type { OpenBrowserCallback } from "../browser/open-browser.ts";
import type { UserPromptCallback } from "../user/device-code-sign-in.ts";
import { defineUserSource, userFields } from "../user/user-source.ts";

/** `brokerOptions` of the Azure SDKs. */
const brokerFields = {
  enabled: {
    type: "boolean",
    required: true,
    description: "Whether the broker signs users in, instead of a browser.",
  },
  parentWindowHandle: {
    type: "any",
    as: {} as Uint8Array,
    description: "Bytes of the handle of the window that owns its dialog. Required on Windows.",
  },
  useDefaultBrokerAccount: {
    type: "boolean",
    description: "Whether to use the operating system's default account without a prompt. Default false.",
  },
  legacyEnableMsaPassthrough: { type: "boolean", description: "Whether personal accounts may sign in. Default false." },
} as const;

const fields = {
  ...userFields,
  loginHint: {
    type: "string",
    description: "Account name that the page suggests while no user is signed in. Default: none.",
  },
  domainHint: { type: "string", description: "Domain whose own sign-in page is shown directly." },
  prompt: {
    type: "string",
    enum: ["login", "select_account", "consent", "none", "create"],
    description:
      "The `prompt` parameter of the sign-in page. Default `login` with a known account, else `select_account`.",
  },
  redirectUri: {
    type: "string",
    description:
      "Page on this machine that the browser returns to, as registered for the application. Default `http://localhost`, at a free port.",
  },
  responseMode: {
    type: "string",
    enum: ["form_post", "query"],
    description:
      "How the result is returned: in a form, or in the URL, which stays in the browser's history. Default `form_post`.",
  },
  browserCustomizationOptions: {
    type: "object",
    fields: {
      successMessage: { type: "string", description: "What to do next after signing in. Plain text." },
      errorMessage: { type: "string", description: "What to do next after a failure. Plain text." },
    },
    description: "The program's own texts on the page that ends a sign-in.",
  },
  openBrowser: {
    type: "function",
    as: {} as OpenBrowserCallback,
    description:
      "Shows the URL to the user instead; its second argument opens the browser. Default: the browser of this machine, or the one that BROWSER names.",
  },
  brokerOptions: {
    type: "object",
    fields: brokerFields,
    description: "Signs in with the broker of the operating system, which @azidentity/plugin-broker adds.",
  },
  fallback: {
    type: "string",
    enum: ["device-code"],
    description: "How to sign in when no browser can be opened, such as over SSH. Default: `no-browser` is thrown.",
  },
  userPromptCallback: {
    type: "function",
    as: {} as UserPromptCallback,
    description: "With `fallback`: shows the code to the user. Default: writes the message to stderr.",
  },
} as const;
export type InteractiveBrowserOptions = ObjectOf<typeof fields>;

/** The user may have to fetch a phone or choose a new password. */
const pageTimeoutMs = 600_000;
/** A device code is valid for fifteen minutes. */
const deviceCodeTimeoutMs = 1_200_000;

/**
 * Signs a user in with the browser of this machine.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export const interactiveBrowser = defineUserSource({
  name: "interactive-browser",
  options: defineOptions(fields),
  deadlineMs: ({ fallback }) => (fallback === undefined ? pageTimeoutMs : deviceCodeTimeoutMs),
  reuseExistingAccount: true,
  username: ({ loginHint }) => loginHint,
  broker({ brokerOptions: { enabled, useDefaultBrokerAccount = false, ...signIn } = { enabled: false }, loginHint }) {
    return enabled ? { ...signIn, useDefaultBrokerAccount, loginHint } : undefined;
  },
  async signIn(application, options: InteractiveBrowserOptions, context) {
    const { signInInteractively } = await import("../browser/interactive-sign-in.ts");
    return signInInteractively(application, options, context);
  },
});
