import type { IdentityError } from "@azidentity/core";

/**
 * How core begins when what a program has passed is not valid: it knows sources, and no classes.
 */
const notValid = /^The (?:options of [a-z-]+ are|argument of identity\.with\(\) is) not valid:/;

/** What core calls by other names than this package does. */
const names: readonly (readonly [RegExp, string])[] = [
  [/\bcredential\("[a-z-]+"\)\./g, ""],
  [/ ?A reference is written \{[^}]*\} or \{[^}]*\}\./g, ""],
  [/\bsources\.managed-identity\.clientId\b/g, "managedIdentityClientId"],
  [/\bsources\.managed-identity\.resourceId\b/g, "managedIdentityResourceId"],
  [/\bsources\.workload-identity\.clientId\b/g, "workloadIdentityClientId"],
  [/\bsources\.[a-z-]+\./g, ""],
];

/** What of any error does not exist here. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/^forUser takes /, "userAssertionToken has to be "],
  [/\banother source, such as azure-cli\b/, "another credential, such as AzureCliCredential"],
  [/\buse the default chain and run\b/, "use DefaultAzureCredential and run"],
  [/\bUse `fallback: "device-code"`, set `openBrowser`, or set BROWSER\b/, "Use DeviceCodeCredential, or set BROWSER"],
];

const replaced = (text: string, by: typeof names) =>
  by.reduce((before, [pattern, name]) => before.replace(pattern, name), text);

/** The sentences of an error with what exists in this package. */
export const inOwnWords = (text: string): string => replaced(text, phrases);

type Constructor = new (code: string, message: string, details: object) => IdentityError;

/** An error about what a program has passed, with the names of the class; others as they are. */
export function withOwnNames(error: IdentityError, className: string): IdentityError {
  if (error.name !== "ConfigurationError") return error;
  const rename = (text: string) => inOwnWords(notValid.test(error.message) ? replaced(text, names) : text).trim();
  const message = rename(error.message.replace(notValid, `The arguments of ${className} are not valid:`));
  if (message === error.message) return error;
  const details = { ...error, remedy: undefined, cause: error }; // the message has the remedy
  const made = new (error.constructor as Constructor)(error.code, message, details);
  return Object.assign(made, { remedy: rename(error.remedy ?? "") || undefined });
}
