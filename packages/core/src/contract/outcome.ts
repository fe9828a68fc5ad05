/**
 * How an attempt that brought no token ended. The chain decides by this code alone whether the next
 * source may be asked (see `chain/outcomes.ts`), so a source has to be honest about it.
 *
 * - `not-configured`: what it needs was not given, or the host says that no identity is assigned to
 *   this machine
 * - `not-installed`: the tool, library or native part is absent
 * - `not-signed-in`: the tool works, and no account is signed in to it
 * - `unreachable`: no answer
 * - `timeout`: an answer was not complete before the deadline
 * - `throttled`: asked to come back later; core remembers it, and sends no request before
 * - `interaction-required`: a person has to do something
 * - `rejected`: Entra or the host said no to this principal
 * - `misconfigured`: given, and wrong
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
