import {
  type Detection,
  type HttpResponse,
  outcomeError,
  type SourceContext,
  withinTime,
} from "@azidentity/core/plugin";
import { imdsEndpoint, isUnreachable } from "./hosts/imds.ts";
import { isOwnAnswer, type Sighting } from "./own-answer.ts";

/** Milliseconds in which the metadata service of a machine answers when it works. */
const probeMs = 1_000;

/** What an answer to a request without the header `Metadata` says; the service refuses such a request in its own words. */
function judge(response: HttpResponse): Detection {
  const { status, body } = response;
  const absent = (reason: string): Detection => ({ state: "absent", code: "unreachable", reason: `imds: ${reason}` });
  if (isOwnAnswer(response)) return { state: "likely", reason: "imds: The metadata service answers." };
  if (isUnreachable(status, body)) return absent("What answers has no way to a metadata service.");
  const reason = `What answers at its address is no metadata service of Azure's (HTTP ${status}).`;
  // a missing page, a refusal or a page of others; what else there is may be a service that is starting
  if (status < 400 || [401, 403, 404].includes(status)) return absent(reason);
  return { state: "possible", reason: `imds: ${reason}` };
}

/** Looks whether the metadata service is there, with a request that asks for nothing. */
export async function probeImds(
  { env, http, clock }: SourceContext,
  sighting: Sighting,
  outer: AbortSignal,
): Promise<Detection> {
  const late = () => outcomeError("unreachable", `No metadata service answered within ${probeMs / 1_000} s.`);
  try {
    const response = await withinTime({ clock, ms: probeMs, late }, outer, (signal) =>
      http.send({ method: "GET", url: imdsEndpoint(env).href, proxy: "never" }, signal),
    );
    sighting.note(response);
    return judge(response);
  } catch (error) {
    if (outer.aborted) throw error;
    return { state: "absent", code: "unreachable", reason: `imds: ${late().message}` };
  }
}
