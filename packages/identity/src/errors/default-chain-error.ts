import type { IdentityError } from "@azidentity/core";
import { type FailedCall, isOfCore, withDetails } from "./core-error.ts";
import { AggregateAuthenticationError } from "./errors.ts";
import { type ErrorRule, isKept, keptError, translateError } from "./translate.ts";

/** Class and rule of each source in the default chain; the rule of others is `required`. */
const sources: Readonly<Record<string, readonly [className: string, rule: ErrorRule]>> = {
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

/** Name of the class that stands for a source; other sources have their own. */
export const classNameOf = (source: string): string => sources[source]?.[0] ?? source;

const attemptsOf = (error: IdentityError) => ("walk" in error ? error.walk?.attempts : undefined) ?? [];

/** The error of the source that an attempt belongs to. */
function ofAttempt(one: unknown, source: string | undefined, call: FailedCall): unknown {
  const [className, rule] = sources[source ?? ""] ?? [source ?? call.className, "required"];
  return translateError(one, rule, { ...call, className, of: className });
}

/**
 * The error of the default chain as `@azure/identity` throws it: of all its credentials, or of the
 * environment's principal, which ends it. A workload identity that is not set up is no member.
 */
export function defaultChainError(error: unknown, call: FailedCall): unknown {
  if (isKept(error) || !isOfCore(error)) return keptError(error, call);
  const attempts = attemptsOf(error);
  if (error.name !== "AggregateAuthenticationError") {
    const one = ofAttempt(error, attempts.at(-1)?.source, call) as Error;
    return one.name === "AuthenticationError" ? one : chainError([one], error);
  }
  const isSkipped = (index: number) =>
    attempts[index]?.source === "workload-identity" && attempts[index].state === "absent";
  const errors = error.errors
    .map((one, index) => ofAttempt(one, attempts[index]?.source, call))
    .filter((_, index) => !isSkipped(index));
  return chainError(errors, error);
}

/** Lists what failed in order, below the likeliest cause; one error is its own cause. */
function chainError(errors: readonly unknown[], error: IdentityError): Error {
  const failed = "ChainedTokenCredential authentication failed.";
  const [cause] = error.message.split("\n");
  const message = errors.length === 1 ? failed : `${failed} ${cause}`;
  return withDetails(new AggregateAuthenticationError([...errors], message), error);
}
