import { type Deadline, underDeadline } from "./deadline.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import type { ResolvedRequest } from "./resolved-options.ts";

/** Runs `work` for one request of a source, under the deadline that its options set. */
export type Bounded = <T>(request: ResolvedRequest, work: (request: ResolvedRequest) => Promise<T>) => Promise<T>;

export function createBounded(known: KnownSecrets, deadlineOf: (options: unknown) => Deadline): Bounded {
  return (request, work) => {
    const { options, background } = request;
    return underDeadline({ ...deadlineOf(options), background }, request.signal, (signal) =>
      known.during(request, async () => {
        try {
          return await work(Object.freeze({ ...request, signal }));
        } catch (error) {
          throw signal.aborted ? signal.reason : known.wrap(error, request);
        }
      }),
    );
  };
}
