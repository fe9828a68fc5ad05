import { isBackground, markBackground } from "../async/abort.ts";
import { abortFlights, createFlights, joinFlight } from "../async/flights.ts";
import type { Detection } from "../contract/source.ts";
import type { PlacedSource } from "./placed-source.ts";
import { createProbe } from "./probe.ts";

/** What a source knows about its host before a token is requested. */
export interface HostProbe {
  detect(): Detection;
  /** `undefined` when the source has no probe. One probe runs for all callers. */
  probe(signal: AbortSignal): Promise<Detection | undefined>;
  abort(reason: Error): void;
}

export function createHostProbe({ source, context, known, reader, instance, startDeadline }: PlacedSource): HostProbe {
  const probes = createFlights<Detection | undefined>();

  const ask = async (options: unknown, signal: AbortSignal): Promise<Detection | undefined> => {
    const end = known.begin({ options });
    try {
      return await (await instance.credential(options, signal)).probe?.(signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : known.wrap(error, { options });
    } finally {
      end();
    }
  };
  const probe = createProbe(context.clock, (signal) => {
    const { options } = reader.read();
    const limit = startDeadline(options, signal);
    return limit.race(ask(options, limit.signal));
  });

  return {
    detect() {
      const { options } = reader.read();
      try {
        return source.detect?.(options, context) ?? { state: "ready", reason: "It needs no evidence of its host." };
      } catch (error) {
        throw known.wrap(error, { options });
      }
    },
    probe(signal) {
      const isUnawaited = isBackground(signal); // such a probe holds no process open, so callers do not join it
      return joinFlight(probes, isUnawaited ? "background" : "probe", signal, (own) => {
        if (isUnawaited) markBackground(own);
        return probe(own);
      });
    },
    abort: (reason) => abortFlights(probes, reason),
  };
}
