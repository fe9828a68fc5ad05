import { sessionBus } from "dbus-native";
import type { Authority } from "../entra/authority.ts";
import { type BrokerFaults, createBrokerFaults } from "./broker-faults.ts";
import { createBrokerMethods, requireAccount, type SignedInAccounts } from "./broker-methods.ts";
import { type BrokerCall, joinBus } from "./broker-on-bus.ts";
import { BrokerError, describeError, fromEntra } from "./broker-status.ts";
import { startKeyring } from "./keyring.ts";
import { startSessionBus } from "./session-bus.ts";

export interface BrokerOptions {
  /** The session bus to be found on, such as `process.env.DBUS_SESSION_BUS_ADDRESS`. Default: one of its own, by `dbus-daemon`. */
  readonly busAddress?: string;
  /** Account names of who is signed in to the operating system, the default account first. Default: every member of every tenant. */
  readonly accounts?: readonly string[];
}

/** The account broker of Linux, `com.microsoft.identity.broker1`, on a session bus. */
export interface IdentityBroker {
  readonly busAddress: string;
  /** Every call, in the order of arrival. */
  readonly calls: readonly BrokerCall[];
  /** What goes wrong with the calls to come. */
  readonly faults: BrokerFaults;
  /** Makes somebody the default account of the operating system. */
  signIn(username: string): void;
  signOut(username: string): void;
  /** Puts an unlocked keyring on the bus, by `gnome-keyring-daemon`: there the native part of a client keeps the accounts that it has seen. */
  startKeyring(): Promise<void>;
  /** `DBUS_SESSION_BUS_ADDRESS`. */
  env(): Record<string, string>;
  /** Leaves the bus and ends the one of its own. */
  close(): Promise<void>;
}

/** An answer that does not come; the bus tells the client when the broker leaves. */
const never = new Promise<never>(() => undefined);

/** Who is signed in at first. */
function initialAccounts(authority: Authority, usernames: BrokerOptions["accounts"]): SignedInAccounts {
  const members = authority.tenants.flatMap(({ users }) => users.filter(({ password }) => password !== undefined));
  return (usernames ?? members.map(({ username }) => username)).map((name) => requireAccount(authority, name));
}

export async function startIdentityBroker(authority: Authority, options: BrokerOptions): Promise<IdentityBroker> {
  const accounts = initialAccounts(authority, options.accounts);
  const methods = createBrokerMethods(authority, accounts);
  const calls: BrokerCall[] = [];
  const faults = createBrokerFaults();
  const own = options.busAddress === undefined ? await startSessionBus() : undefined;
  const busAddress = options.busAddress ?? own?.address ?? "";
  const bus = sessionBus({ busAddress });
  let keyring: ReturnType<typeof startKeyring> | undefined;
  const close = async () => {
    await (await keyring?.catch(() => undefined))?.close();
    await bus.close();
    await own?.close();
  };

  const answer = async (call: BrokerCall): Promise<string> => {
    calls.push(call);
    const fault = faults.take(call.method);
    if (fault?.connection === "leave") await bus.close();
    if (fault?.connection !== undefined) return never;
    if (fault?.body !== undefined) return fault.body;
    try {
      if (fault?.status !== undefined) throw new BrokerError(fault.status, fault.context ?? "As the fault says.");
      return JSON.stringify(await methods[call.method](call.body, fault));
    } catch (error) {
      return JSON.stringify({ brokerTokenResponse: { error: describeError(fromEntra(error)) } });
    }
  };
  try {
    await joinBus(bus, answer);
  } catch (error) {
    await close();
    throw error;
  }
  const setAccounts = (...signedIn: SignedInAccounts) => accounts.splice(0, accounts.length, ...signedIn);
  const others = (username: string) => {
    const { user } = requireAccount(authority, username);
    return accounts.filter((account) => account.user !== user);
  };
  return {
    busAddress,
    calls,
    faults,
    signIn: (username) => void setAccounts(requireAccount(authority, username), ...others(username)),
    signOut: (username) => void setAccounts(...others(username)),
    async startKeyring() {
      keyring ??= startKeyring(bus, busAddress);
      await keyring;
    },
    env: () => ({ DBUS_SESSION_BUS_ADDRESS: busAddress }),
    close,
  };
}
