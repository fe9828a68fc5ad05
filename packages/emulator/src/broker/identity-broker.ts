import { type MessageBus, sessionBus } from "dbus-native";
import type { Authority } from "../entra/authority.ts";
import { type BrokerFaultQueue, type BrokerFaults, createBrokerFaults } from "./broker-faults.ts";
import { createBrokerMethods, requireAccount, type SignedInAccounts } from "./broker-methods.ts";
import { type BrokerCall, joinBus } from "./broker-on-bus.ts";
import { BrokerError, describeError, fromEntra } from "./broker-status.ts";
import { startKeyring } from "./keyring.ts";
import { startSessionBus } from "./session-bus.ts";

/** The options of {@link AddOns.startBroker}. */
export interface BrokerOptions {
  /**
   * Address of the session bus, such as `process.env.DBUS_SESSION_BUS_ADDRESS`. Default: a new bus,
   * started by `dbus-daemon`.
   */
  readonly busAddress?: string;
  /**
   * Names of the accounts that are signed in to the operating system, the default account first.
   * Default: every member of every tenant.
   */
  readonly accounts?: readonly string[];
}

/** The identity broker of Linux, `com.microsoft.identity.broker1`, on a session bus. */
export interface IdentityBroker {
  /** Address of the session bus: `DBUS_SESSION_BUS_ADDRESS`. */
  readonly busAddress: string;
  /** Every call, in the order of arrival. */
  readonly calls: readonly BrokerCall[];
  /** Faults for the next calls. */
  readonly faults: BrokerFaults;
  /** Makes a user the default account of the operating system. */
  signIn(username: string): void;
  /**
   * Signs a user out of the operating system.
   *
   * @throws {RangeError} No tenant has this user.
   */
  signOut(username: string): void;
  /**
   * Starts an unlocked keyring on the bus by `gnome-keyring-daemon`, which has to be installed. The
   * native part of a client stores its known accounts there, and shows no dialog without one.
   *
   * @throws {Error} `gnome-keyring-daemon` is not installed, or does not start.
   */
  startKeyring(): Promise<void>;
  /** `DBUS_SESSION_BUS_ADDRESS`. */
  env(): Record<string, string>;
  /** Disconnects from the bus, and ends the bus that it has started. Never rejects. */
  close(): Promise<void>;
}

export async function startIdentityBroker(authority: Authority, options: BrokerOptions): Promise<IdentityBroker> {
  const accounts = createSignedInAccounts(authority, options.accounts);
  const calls: BrokerCall[] = [];
  const faults = createBrokerFaults();
  const ownBus = options.busAddress === undefined ? await startSessionBus() : undefined;
  const busAddress = options.busAddress ?? ownBus?.address ?? "";
  const bus = sessionBus({ busAddress });
  let keyring: ReturnType<typeof startKeyring> | undefined;
  const close = async () => {
    await (await keyring?.catch(() => undefined))?.close();
    await bus.close();
    await ownBus?.close();
  };
  try {
    const methods = createBrokerMethods(authority, accounts.list);
    await joinBus(bus, createBrokerEndpoint({ bus, calls, faults, methods }));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    busAddress,
    calls,
    faults,
    signIn: accounts.signIn,
    signOut: accounts.signOut,
    async startKeyring() {
      keyring ??= startKeyring(bus, busAddress);
      await keyring;
    },
    env: () => ({ DBUS_SESSION_BUS_ADDRESS: busAddress }),
    close,
  };
}

/** A response that is never sent: the bus reports to the client when the broker disconnects. */
const never = new Promise<never>(() => undefined);

interface BrokerEndpoint {
  readonly bus: MessageBus;
  readonly calls: BrokerCall[];
  readonly faults: BrokerFaultQueue;
  readonly methods: ReturnType<typeof createBrokerMethods>;
}

/** Handles one call: recorded, changed by a fault, answered with JSON. */
function createBrokerEndpoint({ bus, calls, faults, methods }: BrokerEndpoint) {
  return async (call: BrokerCall): Promise<string> => {
    calls.push(call);
    const fault = faults.take(call.method);
    if (fault?.connection === "leave") await bus.close();
    if (fault?.connection !== undefined) return never;
    if (fault?.body !== undefined) return fault.body;
    try {
      if (fault?.status !== undefined) throw new BrokerError(fault.status, fault.context ?? "Requested by a fault.");
      return JSON.stringify(await methods[call.method](call.body, fault));
    } catch (error) {
      return JSON.stringify({ brokerTokenResponse: { error: describeError(fromEntra(error)) } });
    }
  };
}

/**
 * The accounts of the operating system; the list changes in place. Default: every member of every
 * tenant.
 */
function createSignedInAccounts(authority: Authority, usernames: BrokerOptions["accounts"]) {
  const members = authority.tenants.flatMap(({ users }) => users.filter(({ password }) => password !== undefined));
  const list: SignedInAccounts = (usernames ?? members.map(({ username }) => username)).map((name) =>
    requireAccount(authority, name),
  );
  const replace = (...signedIn: SignedInAccounts) => void list.splice(0, list.length, ...signedIn);
  const others = (username: string) => {
    const { user } = requireAccount(authority, username);
    return list.filter((account) => account.user !== user);
  };
  return {
    list,
    signIn: (username: string) => replace(requireAccount(authority, username), ...others(username)),
    signOut: (username: string) => replace(...others(username)),
  };
}
