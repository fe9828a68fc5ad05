import { type Detection, outcomeError, parseJsonObject, type SourceContext, withinTime } from "@azidentity/core/plugin";
import { findPlatform, type Platform, supported } from "./platform.ts";
import { askOnBus, findSessionBus, isOnBus } from "./session-bus.ts";

/** microsoft-identity-broker on the session bus. */
const onBus = {
  to: "com.microsoft.identity.broker1",
  path: "/com/microsoft/identity/broker1",
  interface: "com.microsoft.identity.Broker1",
};
/** How long the session bus may take to answer, milliseconds. */
const busPatience = 2_000;

/** Which machine this is; handed in, so that tests can be on another one. */
export interface Machine {
  readonly system: string;
  readonly architecture: string;
  /** Whether the program is a single file, which cannot be started as Node.js. */
  readonly isSingleFile: boolean;
}

/** Who asks the broker, and where. */
export interface Caller {
  /** Name of the source; starts the messages of errors. */
  readonly who: string;
  /** What a person has to do to sign in again, as a sentence. */
  readonly signIn: string;
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

/** Could there be a broker? Looks at the machine and the environment alone. */
export function detectBroker({ env }: Pick<SourceContext, "env">, machine: Machine): Detection {
  const platform = findPlatform(machine.system, machine.architecture);
  const absent = (reason: string): Detection => ({ state: "absent", code: "not-installed", reason });
  if (platform === undefined)
    return absent(`No broker runs on ${machine.system} ${machine.architecture}. ${supported}`);
  if (machine.isSingleFile)
    return absent("A single-file program cannot start the broker's native part. Run the program with node.");
  if (machine.system === "linux" && findSessionBus(env) === undefined) return absent(noBus);
  return { state: "possible", reason: `The broker of this system is ${platform.broker}.` };
}

/** The same, and on Linux whether the broker is on the bus, before anything heavy is started. */
export async function requireBroker({ who, context, machine }: Caller, signal: AbortSignal): Promise<Platform> {
  const { state, reason } = detectBroker(context, machine);
  const platform = findPlatform(machine.system, machine.architecture);
  if (state === "absent" || platform === undefined) throw outcomeError("not-installed", `${who}: ${reason}`);
  const bus = machine.system === "linux" ? findSessionBus(context.env) : undefined;
  if (bus === undefined) return platform;
  const late = () =>
    outcomeError("timeout", `${who}: the session bus does not answer.`, { remedy: "Sign in to the desktop again." });
  const ask = (own: AbortSignal) =>
    isOnBus(bus, onBus.to, own).catch((cause) => {
      throw own.aborted ? own.reason : outcomeError("not-installed", `${who}: ${noBus}`, { cause });
    });
  if (await withinTime({ clock: context.clock, ms: busPatience, late }, signal, ask)) return platform;
  throw outcomeError("not-installed", `${who}: ${platform.broker} is not installed.`, { remedy: platform.install });
}

/**
 * Refuses where the broker of Linux says that nobody at all is signed in. It is asked before the native part is started, which takes longer
 * than a chain should wait for that; whatever else it says, the native part will ask it again.
 */
export async function requireAccount(
  { who, context, machine }: Caller,
  { clientId, correlationId }: { readonly clientId: string; readonly correlationId: string },
  signal: AbortSignal,
): Promise<void> {
  const platform = findPlatform(machine.system, machine.architecture);
  const bus = machine.system === "linux" ? findSessionBus(context.env) : undefined;
  if (platform === undefined || bus === undefined) return;
  const body = JSON.stringify({ clientId, redirectUri: clientId });
  const call = { ...onBus, member: "getAccounts", arguments: ["0.0", correlationId, body] };
  const late = () => new Error("The broker does not say who is signed in.");
  const ask = (own: AbortSignal) => askOnBus(bus, call, own).catch(() => "");
  const said = await withinTime({ clock: context.clock, ms: busPatience, late }, signal, ask).catch(() => "");
  signal.throwIfAborted();
  const accounts = parseJsonObject(said)?.accounts;
  if (!Array.isArray(accounts) || accounts.length > 0) return;
  throw outcomeError("not-signed-in", `${who}: nobody is signed in to ${platform.broker}.`, {
    remedy: platform.signIn,
  });
}
