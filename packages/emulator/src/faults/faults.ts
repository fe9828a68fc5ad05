import type { ServerRequest } from "../http/message.ts";
import { endsWithPath } from "../http/route.ts";
import type { ServiceName } from "../service-names.ts";
import { checkFault, type Fault } from "./fault.ts";

/** Faults for the requests to come. A request meets at most one of them: the first added that fits it. */
export interface Faults {
  add(...faults: readonly Fault[]): void;
  /** Forgets all that are not used up. */
  clear(): void;
}

export interface FaultQueue extends Faults {
  /** The fault that this request meets, which then has one time less to go. */
  take(request: ServerRequest, service: ServiceName): Fault | undefined;
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
    take(request, service) {
      const entry = queue.find(({ fault }) => meets(fault, request, service));
      if (entry === undefined) return undefined;
      entry.left--;
      queue = queue.filter(({ left }) => left > 0);
      return entry.fault;
    },
  };
}

function meets(fault: Fault, request: ServerRequest, asked: ServiceName): boolean {
  const { service = asked, path = "", method = request.method } = fault;
  return service === asked && endsWithPath(request.url.pathname, path) && request.method === method.toUpperCase();
}
