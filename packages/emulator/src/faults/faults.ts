import type { ServerRequest } from "../http/message.ts";
import { checkFault, type Fault } from "./fault.ts";

/** Faults for the requests to come. A request meets at most one of them: the first added that fits it. */
export interface Faults {
  add(...faults: readonly Fault[]): void;
  /** Forgets all that are not used up. */
  clear(): void;
}

export interface FaultQueue extends Faults {
  /** The fault that this request meets, which then has one time less to go. */
  take(request: ServerRequest): Fault | undefined;
}

export function createFaults(): FaultQueue {
  let queue: { readonly fault: Fault; left: number }[] = [];

  return {
    add(...faults) {
      faults.forEach(checkFault);
      queue.push(...faults.map((fault) => ({ fault: { ...fault }, left: fault.times ?? 1 })));
    },
    clear() {
      queue = [];
    },
    take(request) {
      const entry = queue.find(({ fault }) => meets(fault, request));
      if (entry === undefined) return undefined;
      entry.left--;
      queue = queue.filter(({ left }) => left > 0);
      return entry.fault;
    },
  };
}

function meets(fault: Fault, request: ServerRequest): boolean {
  const { path = "", method = request.method } = fault;
  return request.url.pathname.endsWith(path) && request.method === method.toUpperCase();
}
