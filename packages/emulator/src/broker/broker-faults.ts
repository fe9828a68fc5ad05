import type { JsonObject } from "../http/message.ts";
import { type BrokerStatus, brokerStatuses } from "./broker-status.ts";

/** The methods that `@azure/msal-node-runtime` 0.20 calls. It signs out without the broker. */
export const brokerMethods = ["getAccounts", "acquireTokenSilently", "acquireTokenInteractively"] as const;

/** The name of a method of the broker. */
export type BrokerMethod = (typeof brokerMethods)[number];

/**
 * A fault for calls of the broker, as plain data. It needs at least one of the fields from `status`
 * on.
 */
export interface BrokerFault {
  /** The method whose calls it applies to. Default: the two that acquire a token. */
  readonly method?: BrokerMethod;
  /** The number of calls it applies to; `Infinity` for all. Default: 1. */
  readonly times?: number;
  /** Responds with this error. */
  readonly status?: BrokerStatus;
  /** Text of the error. Default: `"Requested by a fault."`. */
  readonly context?: string;
  /** The response body, verbatim. */
  readonly body?: string;
  /** Fields to replace in `brokerTokenResponse`; `undefined` omits a field. */
  readonly rewrite?: JsonObject;
  /** Account name of the user that the token is issued to, in place of the requested one. */
  readonly account?: string;
  /** `hang`: no response. `leave`: the broker disconnects from the bus during the call. */
  readonly connection?: "hang" | "leave";
}

/** Faults for the next calls of the broker. At most one applies to a call. */
export interface BrokerFaults {
  /**
   * @throws {TypeError | RangeError} A fault has no effect, an unknown name, or `times` out of
   * range.
   */
  add(...faults: readonly BrokerFault[]): void;
  /** Removes all faults. */
  clear(): void;
}

export interface BrokerFaultQueue extends BrokerFaults {
  take(method: BrokerMethod): BrokerFault | undefined;
}

const effects = ["status", "body", "rewrite", "account", "connection"] as const;

function check({ method, times = 1, ...fault }: BrokerFault): void {
  if (effects.every((effect) => fault[effect] === undefined)) {
    throw new TypeError(`A fault of the broker needs one of ${effects.join(", ")}.`);
  }
  if (method !== undefined && !brokerMethods.includes(method)) {
    throw new TypeError(`A broker fault's \`method\` is one of ${brokerMethods.join(", ")}.`);
  }
  if (fault.status !== undefined && !Object.hasOwn(brokerStatuses, fault.status)) {
    throw new TypeError(`A broker fault's \`status\` is one of ${Object.keys(brokerStatuses).join(", ")}.`);
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
