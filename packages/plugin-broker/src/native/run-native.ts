import { type IdentityError, outcomeError, parseJsonObject, redact } from "@azidentity/core/plugin";
import type { Platform } from "../platform.ts";
import { type Caller, requireBroker } from "../readiness.ts";
import { type Asked, brokerFailure } from "./broker-failure.ts";
import type { HostReply, NativeCall } from "./native-call.ts";

/** The program beside this file, as source and as built; a bundle has none, nor always an address of its own. */
function findHost(): string | undefined {
  const here: string | undefined = import.meta.url;
  if (here === undefined) return undefined;
  const name = here.endsWith(".ts") ? "./host.cts" : "./host.cjs";
  const file = process.getBuiltinModule("node:url").fileURLToPath(new URL(name, here));
  return process.getBuiltinModule("node:fs").existsSync(file) ? file : undefined;
}

const install = "Run: npm install --ignore-scripts @azure/msal-node-extensions";
const bundled = "Leave @azidentity/plugin-broker out of bundles.";

/** What became of a process that did not bring a result. */
function failureOf(
  { who, signIn }: Caller,
  replies: readonly HostReply[],
  exitCode: number,
  platform: Platform,
  asked: Asked | undefined,
): IdentityError {
  const { failure, missing, unavailable } = replies.at(-1) ?? {};
  if (failure !== undefined) return brokerFailure(who, failure, { platform, signIn }, asked);
  if (missing) {
    const problem = "@azure/msal-node-extensions is not installed, or not whole.";
    return outcomeError("not-installed", `${who}: ${problem}`, { code: "broker-unavailable", remedy: install });
  }
  if (unavailable !== undefined) {
    const problem = `the native part of ${platform.broker} does not work here: ${redact(unavailable, 256)}`;
    const remedy = `${platform.repair} ${platform.install}`;
    return outcomeError("not-installed", `${who}: ${problem}`, { code: "broker-unavailable", remedy });
  }
  const isLoaded = replies.some(({ ready }) => ready === true);
  const how = exitCode < 0 ? "was killed or crashed" : `ended with exit code ${exitCode}`;
  return outcomeError(isLoaded ? "failed" : "not-installed", `${who}: the native part of the broker ${how}.`, {
    code: "broker-crashed",
    remedy: isLoaded ? "Try again; the broker may have answered nonsense." : platform.repair,
  });
}

/** Makes one call of the broker in a process of its own, which ends with the signal. Rejects with an outcome, whatever becomes of it. */
export async function runNative(
  caller: Caller,
  call: NativeCall,
  signal: AbortSignal,
  asked?: Asked,
): Promise<unknown> {
  const { who, context } = caller;
  const platform = await requireBroker(caller, signal);
  const host = findHost();
  if (host === undefined) {
    const problem = `${who}: the plugin's own program is not beside it.`;
    throw outcomeError("not-installed", problem, { code: "broker-unavailable", remedy: bundled });
  }
  const env = {
    AZIDENTITY_BROKER_CALL: JSON.stringify(call), // not an argument: everybody may see those
    ELECTRON_RUN_AS_NODE: "1",
    NODE_OPTIONS: undefined, // what a program is watched or debugged with is not for this one
  };
  const { exitCode, stdout, stderr } = await context.commands.run(process.execPath, [host], { env }, signal);
  const lines = stdout.split("\n").map(parseJsonObject);
  const replies: HostReply[] = lines.filter((line) => line !== undefined);
  const last = replies.at(-1) ?? {};
  if ("result" in last) return last.result;
  context.log.debug(`${who}: ${redact(stderr, 512)}`);
  throw failureOf(caller, replies, exitCode, platform, asked);
}
