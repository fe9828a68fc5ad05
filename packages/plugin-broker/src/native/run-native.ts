import { type IdentityError, outcomeError, parseJsonObject, quoteInMessage, redact } from "@azidentity/core/plugin";
import type { Platform } from "../platform.ts";
import { type Caller, notInstalled, requireBroker } from "../readiness.ts";
import { brokerFailure, type InteractiveRequest } from "./broker-failure.ts";
import { findHost, hostMissing, nativePackageIncomplete } from "./installation.ts";
import type { HostReply, NativeCall } from "./native-call.ts";

/** The error for a process that ended without a result. */
function failureOf(
  { label, signInRemedy }: Caller,
  replies: readonly HostReply[],
  exitCode: number,
  platform: Platform,
  interactive: InteractiveRequest | undefined,
): IdentityError {
  const { failure, missing, unavailable } = replies.at(-1) ?? {};
  if (failure !== undefined) return brokerFailure(label, failure, { platform, signInRemedy }, interactive);
  if (missing) return notInstalled(label, nativePackageIncomplete);
  if (unavailable !== undefined) {
    const remedy = `${platform.repair} ${platform.install}`;
    const start = `${label}: the native library of ${platform.broker} does not work here: `;
    const message = quoteInMessage(start, redact(unavailable), remedy);
    return outcomeError("not-installed", message, { code: "broker-unavailable", remedy });
  }
  const isLoaded = replies.some(({ ready }) => ready === true);
  const how = exitCode < 0 ? "was killed or crashed" : `ended with exit code ${exitCode}`;
  return outcomeError(isLoaded ? "failed" : "not-installed", `${label}: the native library of the broker ${how}.`, {
    code: "broker-crashed",
    remedy: isLoaded ? "Try again; the broker may have sent an invalid answer." : platform.repair,
  });
}

/**
 * Calls the broker in a process of its own, which ends with the signal. Rejects with an outcome.
 */
export async function runNative(
  caller: Caller,
  call: NativeCall,
  signal: AbortSignal,
  interactive?: InteractiveRequest,
): Promise<unknown> {
  const { label, context } = caller;
  const platform = await requireBroker(caller, signal);
  const host = findHost();
  if (host === undefined) throw notInstalled(label, hostMissing);
  const env = {
    AZIDENTITY_BROKER_CALL: JSON.stringify(call), // not an argument: other users can read those
    ELECTRON_RUN_AS_NODE: "1",
    NODE_OPTIONS: undefined, // options such as --inspect are meant for the caller's process
  };
  const { exitCode, stdout, stderr } = await context.commands.run(process.execPath, [host], { env }, signal);
  const lines = stdout.split("\n").map(parseJsonObject);
  const replies: HostReply[] = lines.filter((line) => line !== undefined);
  const last = replies.at(-1) ?? {};
  if ("result" in last) return last.result;
  context.log.debug(`${label}: ${redact(stderr, 512)}`);
  throw failureOf(caller, replies, exitCode, platform, interactive);
}
