/**
 * The documents by which one program gives a token to another (docs/exec.md), for programs that are
 * asked: what they read, and what they print or answer.
 */
export { type Answer, readAnswer, tokenDocument } from "./contract/answer.ts";
export { containerHosts } from "./contract/container-hosts.ts";
export {
  contractVersion,
  type Failure,
  type FailureCode,
  type FailureOutcome,
  failure,
  failureDocument,
  failureOf,
  httpStatusOf,
} from "./contract/failure.ts";
export { type ContractRequest, readRequest, requestDocument } from "./contract/request.ts";
