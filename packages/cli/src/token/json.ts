import { isIdentityError, principalOf } from "@azidentity/core";
import {
  contractVersion,
  type Failure,
  type FailureCode,
  failure,
  failureDocument,
  failureOf,
  tokenDocument,
} from "@azidentity/plugin-external/contract";
import { describeError } from "../errors/describe-error.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { escapeControls } from "../terminal/plain-text.ts";
import type { Delivery, Settled, TokenAsk } from "./delivery.ts";

/**
 * What an error of azid itself is in the contract: something in its command line, its config or its
 * files.
 */
const codeOf = (exitCode: number): FailureCode => (exitCode === exitCodes.failed.code ? "failed" : "misconfigured");

/** An error in the words of the contract. */
function toFailure(error: unknown): Failure {
  if (isIdentityError(error)) return failureOf(error);
  const { code, problem, remedy, exitCode } = describeError(error);
  return { ...failure(codeOf(exitCode), problem, remedy), code };
}

/** What the source `exec` of another program asks for by its variables. */
function asked({ environment }: Host): Partial<TokenAsk> {
  const scopes = (environment.AZIDENTITY_EXEC_SCOPES ?? "").split(" ").filter((scope) => scope !== "");
  return {
    scopes,
    tenantId: environment.AZIDENTITY_EXEC_TENANT_ID,
    claims: environment.AZIDENTITY_EXEC_CLAIMS,
    correlationId: environment.AZIDENTITY_EXEC_CORRELATION_ID,
  };
}

/** The answer of the exec contract, also to a request of it (docs/exec.md). */
export function jsonDelivery(host: Host): Delivery | Settled {
  const { AZIDENTITY_EXEC_VERSION: version } = host.environment;
  if (version !== undefined && version !== String(contractVersion)) {
    const problem = `AZIDENTITY_EXEC_VERSION is ${JSON.stringify(version.slice(0, 20))}, and not ${contractVersion}.`;
    const text = failureDocument(failure("unsupported-version", problem, "Install a newer azid."));
    return { settled: { text: `${escapeControls(text)}\n`, code: exitCodes.usage.code } };
  }
  return {
    ...(version !== undefined && { ask: asked(host) }),
    print: (token) => `${escapeControls(tokenDocument(token, principalOf(token)))}\n`,
    printError: (error) => `${escapeControls(failureDocument(toFailure(error)))}\n`,
  };
}
