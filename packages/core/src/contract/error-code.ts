import type { ConfigurationErrorCode } from "./configuration-error-code.ts";
import type { EntraErrorCode } from "./entra-error-code.ts";

/**
 * The codes of other plugins than the official ones: empty, for their authors to extend. Only the
 * keys count.
 *
 * @example
 * declare module "@azidentity/core" {
 *   interface PluginErrorCodes {
 *     "vault-sealed": true;
 *   }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: plugins add members to it, which a type alias does not allow
export interface PluginErrorCodes {}

/**
 * The codes of the errors for an attempt without a token, of core and of the official plugins.
 * docs/errors.md has a paragraph for each.
 */
export type AuthenticationErrorCode =
  | OutcomeCode
  | EntraErrorCode
  | keyof PluginErrorCodes
  // Outcomes
  | "authenticate-unsupported"
  | "closed"
  // Requests
  | "invalid-argument"
  | "no-scope"
  | "invalid-scope"
  | "invalid-tenant"
  | "invalid-claims"
  | "tenant-not-allowed"
  | "empty-variable"
  | "malformed-variable"
  | "missing-tenant"
  | "shared-tenant"
  | "adfs-unsupported"
  | "user-assertion-unsupported"
  | "proof-of-possession-unsupported"
  | "invalid-proof-of-possession"
  // Tokens
  | "invalid-token"
  | "unexpected-principal"
  | "unverifiable-principal"
  // Managed identity and workload identity
  | "identity-not-found"
  | "unsupported-identity"
  | "unconfirmed-identity"
  | "unknown-host"
  | "malformed-endpoint"
  | "unsupported-audience"
  | "no-metadata-service"
  | "host-unavailable"
  | "host-refused"
  | "invalid-thumbprint"
  | "arc-challenge"
  | "arc-key-refused"
  | "arc-key-unreadable"
  | "token-file-unreadable"
  | "token-file-invalid"
  | "invalid-token-proxy"
  // Broker
  | "unsupported-authority"
  | "broker-unavailable"
  | "no-broker"
  | "broker-crashed"
  | "broker-failed"
  | "broker-configuration"
  | "broker-keyring"
  | "broker-left"
  | "unexpected-broker-answer"
  | "invalid-window-handle"
  // Network and programs
  | "untrusted-certificate"
  | "unexpected-certificate"
  | "unexpected-address"
  | "lookup-unsupported"
  | "proxy-authentication"
  | "proxy-refused"
  | "proxy-unreachable"
  | "answer-too-large"
  | "claims-challenge"
  | "tool-failed"
  | "tool-outdated"
  | "unexpected-output"
  | "other-cloud"
  | "other-tenant"
  | "unknown-subscription"
  | "invalid-config-directory"
  | "module-missing"
  | "script-blocked"
  | "constrained-language"
  | "tool-cache-unreadable"
  | "output-too-large"
  | "nested-program"
  | "permission-denied"
  | "untrusted-path"
  | "key-refused"
  // Token stores
  | "store-unsupported"
  | "no-store-key"
  | "store-key-unreadable"
  | "invalid-store-key"
  | "invalid-store-name"
  | "store-directory-unusable"
  | "store-directory-exposed"
  | "store-busy"
  | "store-unreachable"
  | "shared-cache-unavailable"
  | "invalid-redis-url"
  | "redis-client-missing";

/**
 * Every code that an error can have, so that `switch (error.code)` narrows and a typo does not
 * compile.
 */
export type ErrorCode = AuthenticationErrorCode | ConfigurationErrorCode | "no-credential-available";

/**
 * How an attempt without a token ended. The chain decides by this code alone whether the next
 * source may be asked (see `errors/outcomes.ts`), so a source has to be honest about it.
 *
 * - `not-configured`: what it needs was not given, or the host says that no identity is assigned to
 *   this machine
 * - `not-installed`: the tool, library or native part is absent
 * - `not-signed-in`: the tool works, and no account is signed in to it
 * - `unreachable`: no answer
 * - `timeout`: an answer was not complete before the deadline
 * - `throttled`: the server requested a delay; core remembers it, and sends no request before
 * - `interaction-required`: a person has to do something
 * - `rejected`: Entra or the host refused this principal
 * - `misconfigured`: an option or a variable is wrong
 * - `cancelled`: the caller, or the person at the prompt, gave up
 * - `failed`: anything unexpected
 */
export type OutcomeCode =
  | "not-configured"
  | "not-installed"
  | "not-signed-in"
  | "unreachable"
  | "timeout"
  | "throttled"
  | "interaction-required"
  | "rejected"
  | "misconfigured"
  | "cancelled"
  | "failed";
