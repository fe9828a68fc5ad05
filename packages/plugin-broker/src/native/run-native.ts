import { outcomeError, parseJsonObject, redact, type SourceContext } from "@azidentity/core/plugin";
import { type Machine, requireBroker } from "../readiness.ts";
import { brokerFailure } from "./broker-failure.ts";
import type { HostReply, NativeCall } from "./native-call.ts";

/** Beside this file, as source and as built. */
function hostFile(): string {
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  return fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./host.cts" : "./host.cjs", import.meta.url));
}

/** Makes one call of the broker in a process of its own, which ends with the signal. Rejects with an outcome, whatever becomes of it. */
export async function runNative(
  who: string,
  call: NativeCall,
  context: SourceContext,
  machine: Machine,
  signal: AbortSignal,
): Promise<unknown> {
  const platform = await requireBroker(who, context, machine, signal);
  const env = {
    AZIDENTITY_BROKER_CALL: JSON.stringify(call), // not an argument: everybody may see those
    ELECTRON_RUN_AS_NODE: "1",
    NODE_OPTIONS: undefined, // what a program is watched or debugged with is not for this one
  };
  const { exitCode, stdout, stderr } = await context.commands.run(process.execPath, [hostFile()], { env }, signal);
  const replies = stdout
    .split("\n")
    .map(parseJsonObject)
    .filter((line) => line !== undefined) as HostReply[];
  const last = replies.at(-1) ?? {};
  if ("result" in last) return last.result;
  if (last.failure !== undefined) throw brokerFailure(who, last.failure, platform, last.nobody === true);
  if (last.unavailable !== undefined) {
    const text = redact(last.unavailable, 256);
    throw outcomeError("not-installed", `${who}: the native part of ${platform.broker} does not work here: ${text}`, {
      code: "broker-unavailable",
      remedy: `${platform.repair} ${platform.install}`,
    });
  }
  const loaded = replies.some(({ ready }) => ready === true);
  const how = exitCode < 0 ? "was killed or crashed" : `ended with exit code ${exitCode}`;
  context.log.debug(`${who}: ${redact(stderr, 512)}`);
  throw outcomeError(
    loaded ? "failed" : "not-installed",
    `${who}: the native part of the broker ${how} without an answer.`,
    {
      code: "broker-crashed",
      remedy: loaded ? "Try again; the broker may have answered nonsense." : platform.repair,
    },
  );
}
