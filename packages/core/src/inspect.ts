/**
 * For programs that diagnose an identity: what it has loaded, and walks with the error that callers
 * get. Not for programs that only need tokens.
 */

export { type ExplainSettings, type Explanation, type Inspection, inspectIdentity } from "./runtime/inspect.ts";
