import { defineInterface, type MessageBus, sessionBus } from "dbus-native";
import { findAccount } from "../entra/accounts.ts";
import type { Authority } from "../entra/authority.ts";
import type { JsonObject } from "../http/message.ts";
import {
  type BrokerFault,
  type BrokerFaults,
  type BrokerMethod,
  brokerMethods,
  createBrokerFaults,
} from "./broker-faults.ts";
import { createBrokerMethods, type SignedInAccounts } from "./broker-methods.ts";
import { BrokerError, describeError, fromEntra } from "./broker-status.ts";
import { type SessionBus, startSessionBus } from "./session-bus.ts";

export interface BrokerOptions {
  /** The session bus to be found on, such as `process.env.DBUS_SESSION_BUS_ADDRESS`. Default: one of its own, by `dbus-daemon`. */
  readonly busAddress?: string;
  /** Account names of who is signed in to the operating system, the default account first. Default: every member of every tenant. */
  readonly accounts?: readonly string[];
}

/** What a client asked of the broker. */
export interface BrokerCall {
  readonly method: BrokerMethod;
  readonly correlationId: string;
  readonly body: JsonObject;
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
  /** `DBUS_SESSION_BUS_ADDRESS`. */
  env(): Record<string, string>;
  /** Leaves the bus and ends the one of its own. */
  close(): Promise<void>;
}

const busName = "com.microsoft.identity.broker1";
const path = "/com/microsoft/identity/broker1";
const interfaceName = "com.microsoft.identity.Broker1";

/** A call without an end; the bus tells the client when the broker leaves. */
const never = new Promise<never>(() => undefined);

export async function startIdentityBroker(authority: Authority, options: BrokerOptions): Promise<IdentityBroker> {
  const own: SessionBus | undefined = options.busAddress === undefined ? await startSessionBus() : undefined;
  const busAddress = options.busAddress ?? own?.address ?? "";
  const calls: BrokerCall[] = [];
  const faults = createBrokerFaults();
  const accounts: SignedInAccounts = [];
  const methods = createBrokerMethods(authority, accounts);
  const find = (username: string) => {
    const account = findAccount(authority.tenants, username);
    if (account === undefined) throw new RangeError(`No tenant has a user ${username}.`);
    return account;
  };
  const members = () =>
    authority.tenants.flatMap(({ users }) => users.filter(({ password }) => password !== undefined));
  accounts.push(...(options.accounts ?? members().map(({ username }) => username)).map(find));

  const bus: MessageBus = sessionBus({ busAddress });
  const close = async () => {
    await bus.close();
    await own?.close();
  };

  const answer = async (method: BrokerMethod, body: JsonObject, fault: BrokerFault | undefined): Promise<string> => {
    if (fault?.connection === "hang") return never;
    if (fault?.connection === "leave") {
      await bus.close();
      return never;
    }
    if (fault?.body !== undefined) return fault.body;
    try {
      if (fault?.status !== undefined) throw new BrokerError(fault.status, fault.context ?? "As the fault says.");
      return JSON.stringify(await methods[method](body, fault));
    } catch (error) {
      return JSON.stringify({ brokerTokenResponse: { error: describeError(fromEntra(error)) } });
    }
  };
  const describe = (method: BrokerMethod) => ({
    in: { protocolVersion: "s", correlationId: "s", json: "s" },
    out: { answer: "s" },
    handler(args: { correlationId: string; json: string }) {
      const body = JSON.parse(args.json) as JsonObject;
      calls.push({ method, correlationId: args.correlationId, body });
      return answer(method, body, faults.take(method));
    },
  });
  try {
    const definition = {
      name: interfaceName,
      methods: Object.fromEntries(brokerMethods.map((one) => [one, describe(one)])),
    };
    await bus.export(path, defineInterface(definition));
    const { isPrimaryOwner } = await bus.ownName(busName);
    if (!isPrimaryOwner) throw new Error("There is a broker on this session bus already.");
  } catch (error) {
    await close();
    throw error;
  }
  return {
    busAddress,
    calls,
    faults,
    signIn(username) {
      const account = find(username);
      const others = accounts.filter(({ user }) => user !== account.user);
      accounts.splice(0, accounts.length, account, ...others);
    },
    signOut(username) {
      const { user } = find(username);
      accounts.splice(0, accounts.length, ...accounts.filter((one) => one.user !== user));
    },
    env: () => ({ DBUS_SESSION_BUS_ADDRESS: busAddress }),
    close,
  };
}
