import {
  type Detection,
  type IdentityError,
  outcomeError,
  parseJsonObject,
  type SourceContext,
  withinTime,
} from "@azidentity/core/plugin";
import { findMissingPart } from "./native/installation.ts";
import { findPlatform, type Obstacle, type Platform, supportedPlatforms } from "./platform.ts";
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
  /**
   * Whether the program is a single executable, which cannot run another script as Node.js would.
   */
  readonly isSingleFile: boolean;
  /**
   * What is not installed of the native library and its program; `undefined`: nothing. Loads
   * neither.
   */
  readonly findMissingPart: () => Obstacle | undefined;
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
  findMissingPart,
});

const noBus: Obstacle = {
  problem: "There is no session bus.",
  remedy: "Run the program in a desktop session, where DBUS_SESSION_BUS_ADDRESS is set, or under dbus-run-session.",
};
const singleFile: Obstacle = {
  problem: "A single executable cannot load the broker's native library.",
  remedy: "Run the program with node.",
};

/** Judges by the platform, the environment and the installed files alone. */
function findBroker({ env }: Pick<SourceContext, "env">, machine: Machine): Platform | Obstacle {
  const platform = findPlatform(machine.system, machine.architecture);
  if (platform === undefined)
    return { problem: `No broker exists for ${machine.system} ${machine.architecture}.`, remedy: supportedPlatforms };
  if (machine.isSingleFile) return singleFile;
  if (machine.system === "linux" && findSessionBus(env) === undefined) return noBus;
  return machine.findMissingPart() ?? platform;
}

/** Whether there may be a broker. */
export function detectBroker(context: Pick<SourceContext, "env">, machine: Machine): Detection {
  const found = findBroker(context, machine);
  if ("problem" in found)
    return { state: "absent", code: "not-installed", reason: found.problem, remedy: found.remedy };
  return { state: "possible", reason: `The broker of this system is ${found.broker}.` };
}

/** The error for an obstacle. */
export function notInstalled(label: string, { problem, remedy, code }: Obstacle, cause?: unknown): IdentityError {
  return outcomeError("not-installed", `${label}: ${problem}`, { code, remedy, cause });
}

/** Throws if there can be no broker, judging as `detectBroker` does. */
export function requirePlatform({ label, context, machine }: Caller): Platform {
  const found = findBroker(context, machine);
  if ("problem" in found) throw notInstalled(label, found);
  return found;
}

/**
 * Throws if there is no broker. On Linux it also queries the session bus, which is cheaper than
 * starting the native library.
 */
export async function requireBroker(caller: Caller, signal: AbortSignal): Promise<Platform> {
  const { label, context, machine } = caller;
  const platform = requirePlatform(caller);
  const bus = machine.system === "linux" ? findSessionBus(context.env) : undefined;
  if (bus === undefined) return platform;
  const late = () =>
    outcomeError("timeout", `${label}: the session bus does not answer.`, { remedy: "Sign in to the desktop again." });
  const query = (own: AbortSignal) =>
    isServiceAvailable(bus, brokerService.destination, own).catch((cause) => {
      throw own.aborted ? own.reason : notInstalled(label, noBus, cause);
    });
  if (await withinTime({ clock: context.clock, ms: busTimeoutMs, late }, signal, query)) return platform;
  throw notInstalled(label, { problem: `${platform.broker} is not installed.`, remedy: platform.install });
}

/**
 * Throws if the broker of Linux reports that no user is signed in. Starting the native library
 * takes longer than a chain should wait for that, so the broker is queried first. Any other answer,
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
