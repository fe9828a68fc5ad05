import type { JsonObject } from "../http/message.ts";
import { type BrokerStatus, brokerStatuses } from "./broker-status.ts";

/** What can be asked of the broker: all that `@azure/msal-node-runtime` 0.20 does ask. It signs out by itself. */
export const brokerMethods = ["getAccounts", "acquireTokenSilently", "acquireTokenInteractively"] as const;

export type BrokerMethod = (typeof brokerMethods)[number];

/** What goes wrong, and with which calls. Plain data; something has to go wrong. */
export interface BrokerFault {
  /** Default: the two that acquire a token. */
  readonly method?: BrokerMethod;
  /** How many calls it meets. Default: 1. */
  readonly times?: number;
  /** The answer is this error. */
  readonly status?: BrokerStatus;
  /** Text of the error. */
  readonly context?: string;
  /** The answer, as it is. */
  readonly body?: string;
  /** Fields to replace in the token's part of the answer; `undefined` leaves a field out. */
  readonly rewrite?: JsonObject;
  /** Account name of whoever the token is for, whoever was asked for. */
  readonly account?: string;
  /** `hang`: nothing is ever answered. `leave`: the broker leaves the bus in the middle of the call. */
  readonly connection?: "hang" | "leave";
}

export interface BrokerFaults {
  add(...faults: readonly BrokerFault[]): void;
  /** Forgets all that are not used up. */
  clear(): void;
}

export interface BrokerFaultQueue extends BrokerFaults {
  take(method: BrokerMethod): BrokerFault | undefined;
}

const effects = ["status", "body", "rewrite", "account", "connection"] as const;

function check({ method, times = 1, ...fault }: BrokerFault): void {
  if (effects.every((effect) => fault[effect] === undefined)) {
    throw new TypeError(`A broker's fault says what goes wrong: one of ${effects.join(", ")}.`);
  }
  if (method !== undefined && !brokerMethods.includes(method)) {
    throw new TypeError(`A broker's methods are ${brokerMethods.join(", ")}.`);
  }
  if (fault.status !== undefined && !Object.hasOwn(brokerStatuses, fault.status)) {
    throw new TypeError(`A broker's \`status\` is one of ${Object.keys(brokerStatuses).join(", ")}.`);
  }
  if (times !== Infinity && !(Number.isInteger(times) && times > 0)) {
    throw new RangeError("A fault's `times` is a positive integer or Infinity.");
  }
}

export function createBrokerFaults(): BrokerFaultQueue {
  let queue: { readonly fault: BrokerFault; left: number }[] = [];
  return {
    add(...faults) {
      faults.forEach(check);
      queue.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 })));
    },
    clear() {
      queue = [];
    },
    take(method) {
      const entry = queue.find(({ fault }) =>
        fault.method === undefined ? method !== "getAccounts" : fault.method === method,
      );
      if (entry === undefined) return undefined;
      entry.left--;
      queue = queue.filter(({ left }) => left > 0);
      return entry.fault;
    },
  };
}
