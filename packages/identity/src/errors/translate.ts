import type { IdentityError } from "@azidentity/core";
import type { GetTokenOptions } from "../types/token.ts";
import {
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
} from "./errors.ts";

/**
 * The class of the errors of a credential, as programs that were written for `@azure/identity` know
 * them: `required` of applications and users, also for a secret that Entra refused; `unavailable` of
 * hosts and tools; `environment`; `default-chain`; `members`: a chain of credentials of any library,
 * whose errors stay as they are.
 */
export type ErrorRule = "required" | "unavailable" | "environment" | "default-chain" | "members";

/** The call that failed. */
export interface FailedCall {
  readonly className: string;
  readonly scopes: string | string[];
  readonly options: GetTokenOptions | undefined;
}

/** Class and rule of each source in the default chain; the rule of others is `required`. */
const chainSources: Readonly<Record<string, readonly [className: string, rule: ErrorRule]>> = {
  environment: ["EnvironmentCredential", "environment"],
  "workload-identity": ["WorkloadIdentityCredential", "required"],
  "managed-identity": ["ManagedIdentityCredential", "unavailable"],
  "azure-cli": ["AzureCliCredential", "unavailable"],
  "azure-powershell": ["AzurePowerShellCredential", "unavailable"],
  "azure-developer-cli": ["AzureDeveloperCliCredential", "unavailable"],
  "visual-studio-code": ["VisualStudioCodeCredential", "unavailable"],
  broker: ["BrokerCredential", "unavailable"],
  "interactive-browser": ["InteractiveBrowserCredential", "required"],
};

/** Faults of a certificate's file, which are plain errors in `@azure/identity`: they end a chain. */
const certificateFaults: readonly string[] = [
  ...["unreadable-certificate", "invalid-certificate", "missing-certificate", "missing-private-key"],
  ...[
    "several-private-keys",
    "unsupported-private-key",
    "wrong-certificate-password",
    "unsupported-certificate-cipher",
  ],
];
/** Faults of the scopes; the name is that of MSAL's error. */
const scopeFaults: readonly string[] = ["no-scope", "invalid-scope"];

/** What programs and their users search for when a tool is not there. */
const missingTools: Readonly<Record<string, string>> = {
  AzureCliCredential: "Azure CLI could not be found. ",
  AzureDeveloperCliCredential: "Azure Developer CLI couldn't be found. ",
  AzurePowerShellCredential: "Unable to execute PowerShell. ",
};

/** Marks the errors of core in all its copies. */
const mark = Symbol.for("@azidentity/error");

const isOfCore = (error: unknown): error is IdentityError =>
  typeof error === "object" && error !== null && (error as { [mark]?: unknown })[mark] === true;

/** Adds what core knows and the classes of the Azure SDKs have no fields for. */
function withDetails<E extends Error>(made: E, error: IdentityError): E {
  const { name: _name, message: _message, stack: _stack, cause: _cause, ...details } = error as IdentityError & Error;
  const isKnown = (name: string, value: unknown) => value !== undefined && !(name === "statusCode" && value === 0);
  const added = Object.entries(details).filter(([name, value]) => isKnown(name, value) && !Object.hasOwn(made, name));
  for (const [name, value] of added) Object.defineProperty(made, name, { value, configurable: true });
  return made;
}

/** Core's message with the name of the class in the place of the source's. */
function messageOf({ message, outcome }: IdentityError, className: string): string {
  const lead = (outcome === "not-installed" && missingTools[className]) || "";
  const [label = "", host = ""] = /^[a-z][a-z-]*( \([a-z-]+\))?: /.exec(message) ?? [];
  return `${className}${host}: ${lead}${message.slice(label.length)}`;
}

/** The error of one source. */
function ofSource(error: IdentityError, rule: ErrorRule, { className, scopes, options }: FailedCall): Error {
  const message = messageOf(error, className);
  const cause = { cause: error };
  const { outcome, code } = error;
  if (rule === "unavailable" || code === "tenant-not-allowed") return new CredentialUnavailableError(message, cause);
  if (outcome === "not-configured" || outcome === "not-installed") {
    const lead =
      rule === "environment" ? "EnvironmentCredential is unavailable. No underlying credential could be used. " : "";
    return new CredentialUnavailableError(lead + message, cause);
  }
  if (rule === "environment")
    return new AuthenticationError(
      400,
      { error: "EnvironmentCredential authentication failed.", error_description: message },
      cause,
    );
  if (certificateFaults.includes(code)) return new Error(message, cause);
  if (scopeFaults.includes(code)) return Object.assign(new Error(message, cause), { name: "ClientConfigurationError" });
  const list = Array.isArray(scopes) ? scopes : [scopes];
  return new AuthenticationRequiredError({ scopes: list, getTokenOptions: options, message, ...cause });
}

const detailed = (error: IdentityError, rule: ErrorRule, call: FailedCall) =>
  withDetails(ofSource(error, rule, call), error);

/** The error of the source that an attempt of a walk belongs to. */
function ofAttempt(error: IdentityError, attempt: number, walked: IdentityError, call: FailedCall): Error {
  const source = "walk" in walked ? walked.walk?.attempts[attempt]?.source : undefined;
  const [className, rule] = (source === undefined ? undefined : chainSources[source]) ?? [
    source ?? call.className,
    "required",
  ];
  return detailed(error, rule, { ...call, className });
}

const failed = "ChainedTokenCredential authentication failed.";

function aggregate(errors: readonly unknown[], message: string, cause: IdentityError | undefined): Error {
  const made = new AggregateAuthenticationError([...errors], failed);
  made.message = `${failed}\n${message}`;
  return cause === undefined ? made : withDetails(made, cause);
}

/** The error of the default chain: of all its sources, or of the one that ended it. */
function ofDefaultChain(error: IdentityError, call: FailedCall): Error {
  if (error.name === "AggregateAuthenticationError") {
    const errors = error.errors.map((one, index) => (isOfCore(one) ? ofAttempt(one, index, error, call) : one));
    return aggregate(errors, error.message, error);
  }
  const attempts = ("walk" in error ? error.walk?.attempts.length : undefined) ?? 1;
  const one = ofAttempt(error, attempts - 1, error, call);
  return one.name === "AuthenticationError" ? one : aggregate([one], one.message, error);
}

/** The error of a chain of credentials: theirs, or what they have thrown one after another. */
function ofMembers(error: unknown): unknown {
  if (isOfCore(error)) {
    const errors = error.name === "AggregateAuthenticationError" ? error.errors : [error];
    const theirs = errors.filter((one) => !isOfCore(one));
    if (theirs.length === 0)
      return withDetails(new CredentialUnavailableError(`Failed to retrieve a valid token. ${error.message}`), error);
    return aggregate(theirs, error.message, error);
  }
  const { name, message } = Object(error) as Error;
  const isSkipped = name === "CredentialUnavailableError" || name === "AuthenticationRequiredError";
  return isSkipped ? aggregate([error], message, undefined) : error;
}

/**
 * The error that `@azure/identity` would throw in the place of core's, with core's message, its
 * fields, and itself as `cause`. Errors about the config, of an abort, and of other libraries stay
 * as they are.
 */
export function translateError(error: unknown, rule: ErrorRule, call: FailedCall): unknown {
  const isOwn = isOfCore(error);
  if (isOwn && (error.name === "AbortError" || error.name === "ConfigurationError")) return error;
  if (rule === "members") return ofMembers(error);
  if (!isOwn) return error;
  return rule === "default-chain" ? ofDefaultChain(error, call) : detailed(error, rule, call);
}
