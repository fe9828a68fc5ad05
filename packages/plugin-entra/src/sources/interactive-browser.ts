import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import type { OwnBrowser } from "../browser/open-browser.ts";
import type { UserPromptCallback } from "../user/device-code-sign-in.ts";
import { defineUserSource, userFields } from "../user/user-source.ts";

/** What the Azure SDKs call `brokerOptions`. */
const brokerFields = {
  enabled: {
    type: "boolean",
    required: true,
    description: "Whether the broker signs people in, instead of a browser.",
  },
  parentWindowHandle: {
    type: "any",
    as: {} as Uint8Array,
    description: "Bytes of the handle of the window above which its dialog is shown. Windows needs one.",
  },
  useDefaultBrokerAccount: {
    type: "boolean",
    description: "Whether the operating system's default account will do without asking. Default false.",
  },
  legacyEnableMsaPassthrough: { type: "boolean", description: "Whether personal accounts may pass. Default false." },
} as const;

const fields = {
  ...userFields,
  loginHint: {
    type: "string",
    description: "Account name that the page asks for while nobody is signed in. Default: the page asks who.",
  },
  domainHint: { type: "string", description: "Domain whose own sign-in page is to be shown at once." },
  prompt: {
    type: "string",
    enum: ["login", "select_account", "consent", "none", "create"],
    description: "What the page insists on. Default `login` with a known account, else `select_account`.",
  },
  redirectUri: {
    type: "string",
    description:
      "Page of this machine to which the browser comes back, as the application is registered. Default `http://localhost`, at a free port.",
  },
  responseMode: {
    type: "string",
    enum: ["form_post", "query"],
    description:
      "How the answer comes back: by a form, or in the address, which stays in the history. Default `form_post`.",
  },
  browserCustomizationOptions: {
    type: "object",
    fields: {
      successMessage: { type: "string", description: "What to do next after signing in. Plain text." },
      errorMessage: { type: "string", description: "What to do next when it did not work. Plain text." },
    },
    description: "The program's own words on the page that ends a sign-in.",
  },
  openBrowser: {
    type: "function",
    as: {} as OwnBrowser,
    description:
      "Shows the address to the person instead; its second argument opens the browser. Default: the browser of this machine, or what BROWSER names.",
  },
  brokerOptions: {
    type: "object",
    fields: brokerFields,
    description: "Signs in with the broker of the operating system, which @azidentity/plugin-broker brings.",
  },
  fallback: {
    type: "string",
    enum: ["device-code"],
    description: "How to sign in where no browser can be opened, as over SSH. Default: `no-browser` is thrown.",
  },
  userPromptCallback: {
    type: "function",
    as: {} as UserPromptCallback,
    description: "With `fallback`: shows the code to the person. Default: writes the message to stderr.",
  },
} as const;
export type InteractiveBrowserOptions = ObjectOf<typeof fields>;

/** Milliseconds. A person may have to find a phone or a new password; the code of another device lives for fifteen minutes. */
const [forThePage, forTheCode] = [600_000, 1_200_000];

/**
 * Signs a person in by the browser of the machine in front of them.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export const interactiveBrowser = defineUserSource({
  name: "interactive-browser",
  options: defineOptions(fields),
  deadlineMs: ({ fallback }) => (fallback === undefined ? forThePage : forTheCode),
  adopts: true,
  username: ({ loginHint }) => loginHint,
  broker({ brokerOptions: { enabled, useDefaultBrokerAccount = false, ...wishes } = { enabled: false }, loginHint }) {
    return enabled ? { ...wishes, useDefaultBrokerAccount, loginHint } : undefined;
  },
  async signIn(application, options: InteractiveBrowserOptions, context) {
    const { signInInteractively } = await import("../browser/interactive-sign-in.ts");
    return signInInteractively(application, options, context);
  },
});
