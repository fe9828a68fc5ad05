import { type Flights, joinFlightApart } from "../async/flights.ts";
import type { Detection } from "../contract/source.ts";
import { beginWork, wrapKnown } from "./known-secrets.ts";
import { readOptions } from "./options-reader.ts";
import type { PlacedSource } from "./placed-source.ts";
import { createProbeMemory, probeAgain } from "./probe.ts";
import { credentialFor } from "./source-instance.ts";
import { startDeadline } from "./within-deadline.ts";

/** What a source knows about its host before a token is requested. */
export function detectHost(placed: PlacedSource): Detection {
  const { source, context, known } = placed;
  const { options } = readOptions(placed);
  try {
    return source.detect?.(options, context) ?? { state: "ready", reason: "It needs no evidence of its host." };
  } catch (error) {
    throw wrapKnown(known, error, { options });
  }
}

async function ask(placed: PlacedSource, options: unknown, signal: AbortSignal): Promise<Detection | undefined> {
  const end = beginWork(placed.known, { options });
  try {
    return await (await credentialFor(placed, options, signal)).probe?.(signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : wrapKnown(placed.known, error, { options });
  } finally {
    end();
  }
}

function probeOnce(placed: PlacedSource, signal: AbortSignal): Promise<Detection | undefined> {
  placed.probed ??= createProbeMemory();
  return probeAgain(placed.probed, placed.context.clock, async () => {
    const { options } = readOptions(placed);
    const limit = startDeadline(placed, options, signal);
    return limit.race(ask(placed, options, limit.signal));
  });
}

/** Probes the host; `undefined` when the source has no probe. One probe runs for all callers. */
export function probeHost(placed: PlacedSource, signal: AbortSignal): Promise<Detection | undefined> {
  const flights = placed.otherFlights as Flights<Detection | undefined>;
  return joinFlightApart(flights, "probe", signal, (own) => probeOnce(placed, own));
}
