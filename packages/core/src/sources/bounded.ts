import type { AnySource } from "../contract/plugin.ts";
import { type Deadline, underDeadline } from "./deadline.ts";
import type { ResolvedRequest } from "./resolved-options.ts";
import { secretsOf, wrapError } from "./wrap-error.ts";

/** Runs `work` for one request of a source, under the deadline that its options set. */
export type Bounded = <T>(request: ResolvedRequest, work: (request: ResolvedRequest) => Promise<T>) => Promise<T>;

export function createBounded(source: AnySource, deadlineOf: (options: unknown) => Deadline): Bounded {
  return (request, work) => {
    const { options, background } = request;
    return underDeadline({ ...deadlineOf(options), background }, request.signal, async (signal) => {
      try {
        return await work(Object.freeze({ ...request, signal }));
      } catch (error) {
        throw signal.aborted ? signal.reason : wrapError(source.name, error, secretsOf(source, options, request));
      }
    });
  };
}
