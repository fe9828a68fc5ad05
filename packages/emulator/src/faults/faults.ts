import type { ServerRequest } from "../http/message.ts";
import { endsWithPath } from "../http/route.ts";
import type { ServiceName } from "../service-names.ts";
import { checkFault, type Fault } from "./fault.ts";

/**
 * Faults for the next requests. At most one applies to a request: the first one added that matches.
 */
export interface Faults {
  /**
   * @throws {TypeError | RangeError} A fault has no effect, an unknown name, or a value out of
   * range.
   */
  add(...faults: readonly Fault[]): void;
  /** Removes all faults. */
  clear(): void;
}

export interface FaultQueue extends Faults {
  /** The fault that applies to this request, counted as used once. */
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
      const entry = queue.find(({ fault }) => appliesTo(fault, request, service));
      if (entry === undefined) return undefined;
      entry.left--;
      queue = queue.filter(({ left }) => left > 0);
      return entry.fault;
    },
  };
}

function appliesTo(fault: Fault, request: ServerRequest, requested: ServiceName): boolean {
  const { service = requested, path = "", method = request.method } = fault;
  return service === requested && endsWithPath(request.url.pathname, path) && request.method === method.toUpperCase();
}
