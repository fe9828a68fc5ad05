import type { IdentityError } from "@azidentity/core";
import type { FailedCall } from "./core-error.ts";
import { inOwnWords } from "./own-names.ts";

/**
 * What programs, log filters and people search for in the messages of `@azure/identity`: a few
 * words before core's own, which say what to do.
 */
type Words = string | ((error: IdentityError, call: FailedCall) => string);

const claims = "This credential doesn't support claims challenges. To satisfy them, run the following command.";
const powerShellHelp = "See https://aka.ms/azsdk/js/identity/powershellcredential/troubleshoot.";

/** By class and outcome, or by class and code. */
const byClass: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  EnvironmentCredential: {
    "not-configured": "EnvironmentCredential is unavailable. No underlying credential could be used.",
  },
  AzureCliCredential: {
    "not-installed": "Azure CLI could not be found. See https://aka.ms/azure-cli, then run 'az login'.",
    "not-signed-in": "Please run 'az login' from a command prompt to authenticate.",
    "claims-challenge": claims,
    "unexpected-output": 'Unexpected response from Azure CLI when getting token: no token with a valid "expiresOn".',
  },
  AzureDeveloperCliCredential: {
    "not-installed": "Azure Developer CLI couldn't be found.",
    "not-signed-in": "Please run 'azd auth login' from a command prompt to authenticate.",
    "interaction-required": (_, { scopes }) => `${claims} azd auth login --scope ${[scopes].flat().join(" --scope ")}`,
  },
  AzurePowerShellCredential: {
    "not-installed": "Unable to execute PowerShell. Check that it is installed in your system.",
    "not-signed-in": "Please run 'Connect-AzAccount' from PowerShell to authenticate.",
    "module-missing": "The 'Az.Account' module >= 2.2.0 is not installed. Run: Install-Module -Name Az",
    "claims-challenge": claims,
  },
  VisualStudioCodeCredential: {
    "not-installed": "Visual Studio Code Authentication is not available.",
    "not-signed-in": "Visual Studio Code Authentication is not available.",
  },
  ManagedIdentityCredential: {
    "not-configured": "Authentication failed.",
    failed: "Authentication failed.",
    misconfigured: "Authentication failed.",
    rejected: "Authentication failed.",
    throttled: "Authentication failed.",
    unreachable: "Network unreachable.",
    timeout: "Network unreachable.",
    "invalid-scope": (_, { scopes }) =>
      Array.isArray(scopes) && scopes.length > 1 ? "Multiple scopes are not supported." : "Authentication failed.",
  },
};

/** By code, in every class. */
const byCode: Readonly<Record<string, Words>> = {
  "tenant-not-allowed": (_, { options }) =>
    `The current credential is not configured to acquire tokens for tenant ${options?.tenantId}. Add it to AdditionallyAllowedTenants, or "*" for any tenant.`,
  "sign-in-required": "Automatic authentication has been disabled.",
  "sign-in-declined": "authorization_declined:",
};

/**
 * Core's message with the name of the class in the place of the source's, and known words before
 * it.
 */
export function messageOf(error: IdentityError, call: FailedCall): string {
  const { className, of } = call;
  const own = byClass[of] ?? {};
  const words = byCode[error.code] ?? own[error.code] ?? own[error.outcome];
  const said = typeof words === "function" ? words(error, call) : words;
  const oauth = "errorResponse" in error && error.errorResponse?.error ? `${error.errorResponse.error}:` : undefined;
  const help = of === "AzurePowerShellCredential" ? powerShellHelp : undefined;
  const [label = "", host = ""] = /^[a-z][a-z-]*( \([a-z-]+\))?: /.exec(error.message) ?? [];
  const rest = inOwnWords(error.message.slice(label.length));
  const sentence = said?.endsWith(".") ? rest.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase()) : rest;
  const parts = [`${className}${host}:`, said, help, oauth, sentence];
  return parts.filter((part) => part !== undefined).join(" ");
}
