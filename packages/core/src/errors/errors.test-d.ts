import { expectTypeOf } from "vitest";
import type { AuthenticationErrorCode, ErrorCode, OutcomeCode } from "../contract/error-code.ts";
import {
  type AbortError,
  type AggregateAuthenticationError,
  AuthenticationError,
  type AuthenticationRequiredError,
  ConfigurationError,
  CredentialUnavailableError,
  type IdentityError,
} from "./errors.ts";
import { outcomeError } from "./outcome-error.ts";

declare const error: IdentityError;
expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
expectTypeOf(error.outcome).toEqualTypeOf<OutcomeCode>();

// the code narrows the class
switch (error.code) {
  case "no-credential-available":
    expectTypeOf(error).toEqualTypeOf<AggregateAuthenticationError>();
    break;
  case "unknown-source":
    expectTypeOf(error).toEqualTypeOf<ConfigurationError>();
    break;
  // @ts-expect-error no error has this code
  case "unknown-sources":
    break;
  default:
    expectTypeOf(error.code).toEqualTypeOf<Exclude<ErrorCode, "no-credential-available" | "unknown-source">>();
}

// so do the outcome and the name
switch (error.outcome) {
  case "timeout":
    expectTypeOf(error).toEqualTypeOf<CredentialUnavailableError>();
    break;
  case "throttled":
    expectTypeOf(error).toEqualTypeOf<AuthenticationError>();
    break;
  case "interaction-required":
    expectTypeOf(error).toEqualTypeOf<AuthenticationRequiredError>();
    break;
  case "cancelled":
    expectTypeOf(error).toEqualTypeOf<AbortError>();
}
if (error.name === "ConfigurationError") expectTypeOf(error).toEqualTypeOf<ConfigurationError>();

// what makes an error takes the codes of its class alone
outcomeError("failed", "No.", { code: "tool-failed" });
// @ts-expect-error a typo
outcomeError("failed", "No.", { code: "tool-faild" });
// @ts-expect-error the code of a ConfigurationError
outcomeError("failed", "No.", { code: "unknown-source" });
// @ts-expect-error a typo
new ConfigurationError("unknown-sorce", "No.");
// @ts-expect-error the code of another class
new ConfigurationError("tool-failed", "No.");
// @ts-expect-error the outcome of another class
new CredentialUnavailableError("No.", "rejected");
// @ts-expect-error the outcome of another class
new AuthenticationError("No.", "timeout");
declare const text: string;
expectTypeOf(text).not.toExtend<AuthenticationErrorCode>();
