import { type Detection, outcomeError, parseJsonObject, type SourceContext, withinTime } from "@azidentity/core/plugin";
import { findPlatform, type Platform, supportedPlatforms } from "./platform.ts";
import { callOnBus, findSessionBus, isServiceAvailable } from "./session-bus.ts";

/** The service of microsoft-identity-broker on the session bus. */
const brokerService = {
  destination: "com.microsoft.identity.broker1",
  path: "/com/microsoft/identity/broker1",
  interface: "com.microsoft.identity.Broker1",
};
/** How long the session bus may take to answer. */
const busTimeoutMs = 2_000;

/** The machine on which the program runs; a parameter, so that tests can simulate others. */
export interface Machine {
  readonly system: string;
  readonly architecture: string;
  /** Whether the program is a single executable, which cannot run another script as Node.js would. */
  readonly isSingleFile: boolean;
}

/** The caller of the broker: a source on a machine. */
export interface Caller {
  /** Starts the messages of errors: the name of the source. */
  readonly label: string;
  /** How to sign in again, as a sentence. */
  readonly signInRemedy: string;
  readonly context: SourceContext;
  readonly machine: Machine;
}

export const thisMachine = (): Machine => ({
  system: process.platform,
  architecture: process.arch,
  isSingleFile: process.getBuiltinModule("node:sea")?.isSea() ?? false,
});

const noBus =
  "There is no session bus. Run the program in a desktop session, where DBUS_SESSION_BUS_ADDRESS is set, or under dbus-run-session.";

/** Whether there may be a broker, judging by the platform and the environment alone. */
export function detectBroker({ env }: Pick<SourceContext, "env">, machine: Machine): Detection {
  const platform = findPlatform(machine.system, machine.architecture);
  const absent = (reason: string): Detection => ({ state: "absent", code: "not-installed", reason });
  if (platform === undefined)
    return absent(`No broker exists for ${machine.system} ${machine.architecture}. ${supportedPlatforms}`);
  if (machine.isSingleFile)
    return absent("A single executable cannot load the broker's native library. Run the program with node.");
  if (machine.system === "linux" && findSessionBus(env) === undefined) return absent(noBus);
  return { state: "possible", reason: `The broker of this system is ${platform.broker}.` };
}

/** Throws if there is no broker. On Linux it also queries the session bus, which is cheaper than starting the native library. */
export async function requireBroker({ label, context, machine }: Caller, signal: AbortSignal): Promise<Platform> {
  const { state, reason } = detectBroker(context, machine);
  const platform = findPlatform(machine.system, machine.architecture);
  if (state === "absent" || platform === undefined) throw outcomeError("not-installed", `${label}: ${reason}`);
  const bus = machine.system === "linux" ? findSessionBus(context.env) : undefined;
  if (bus === undefined) return platform;
  const late = () =>
    outcomeError("timeout", `${label}: the session bus does not answer.`, { remedy: "Sign in to the desktop again." });
  const query = (own: AbortSignal) =>
    isServiceAvailable(bus, brokerService.destination, own).catch((cause) => {
      throw own.aborted ? own.reason : outcomeError("not-installed", `${label}: ${noBus}`, { cause });
    });
  if (await withinTime({ clock: context.clock, ms: busTimeoutMs, late }, signal, query)) return platform;
  throw outcomeError("not-installed", `${label}: ${platform.broker} is not installed.`, { remedy: platform.install });
}

/**
 * Throws if the broker of Linux reports that no user is signed in. Starting the native library takes
 * longer than a chain should wait for that, so the broker is queried first. Any other answer,
 * failures included, is left to the native library, which queries the broker itself.
 */
export async function requireAccount(
  { label, context, machine }: Caller,
  { clientId, correlationId }: { readonly clientId: string; readonly correlationId: string },
  signal: AbortSignal,
): Promise<void> {
  const platform = findPlatform(machine.system, machine.architecture);
  const bus = machine.system === "linux" ? findSessionBus(context.env) : undefined;
  if (platform === undefined || bus === undefined) return;
  const body = JSON.stringify({ clientId, redirectUri: clientId });
  const call = { ...brokerService, member: "getAccounts", arguments: ["0.0", correlationId, body] };
  const late = () => new Error("The broker did not list the accounts.");
  const query = (own: AbortSignal) => callOnBus(bus, call, own).catch(() => "");
  const answer = await withinTime({ clock: context.clock, ms: busTimeoutMs, late }, signal, query).catch(() => "");
  signal.throwIfAborted();
  const accounts = parseJsonObject(answer)?.accounts;
  if (!Array.isArray(accounts) || accounts.length > 0) return;
  throw outcomeError("not-signed-in", `${label}: no user is signed in to ${platform.broker}.`, {
    remedy: platform.signIn,
  });
}
