import {
  type Detection,
  type HttpResponse,
  isIdentityError,
  outcomeError,
  type SourceContext,
  withinTime,
} from "@azidentity/core/plugin";
import { elsewhere, imdsEndpoint, isUnreachable } from "./hosts/imds.ts";
import { type ImdsHistory, isImdsResponse } from "./imds-response.ts";

/** A working metadata service answers within this time. */
const probeTimeoutMs = 1_000;
const silence = `No metadata service answered within ${probeTimeoutMs / 1_000} s. Run it on Azure.`;
const late = () => outcomeError("unreachable", silence, { remedy: elsewhere });

/**
 * Classifies the response to a request without the header `Metadata`, which the metadata service
 * refuses with an error in its own form.
 */
function classify(response: HttpResponse): Detection {
  const { status, body } = response;
  const absent = (reason: string): Detection => ({
    state: "absent",
    code: "unreachable",
    reason: `imds: ${reason}`,
    remedy: elsewhere,
  });
  if (isImdsResponse(response)) return { state: "likely", reason: "imds: The metadata service answers." };
  if (isUnreachable(status, body)) return absent("The address is not reachable from here.");
  const reason = `The service at its address is not Azure's metadata service (HTTP ${status}).`;
  // other statuses may come from a service that is starting
  if (status < 400 || [401, 403, 404].includes(status)) return absent(reason);
  return { state: "possible", reason: `imds: ${reason}` };
}

/** Finds out whether the metadata service exists, with a request that acquires nothing. */
export async function probeImds(
  { env, http, clock }: SourceContext,
  history: ImdsHistory,
  outer: AbortSignal,
): Promise<Detection> {
  try {
    const response = await withinTime({ clock, ms: probeTimeoutMs, late }, outer, (signal) =>
      http.send({ method: "GET", url: imdsEndpoint(env).href, proxy: "never" }, signal),
    );
    history.record(response);
    return classify(response);
  } catch (error) {
    if (outer.aborted) throw error;
    const isDenied = isIdentityError(error) && error.code === "permission-denied";
    const reason = `imds: ${isDenied ? "This process may not ask it." : silence}`;
    const remedy = isDenied ? error.remedy : elsewhere;
    return { state: "absent", code: "unreachable", reason, remedy, isIncomplete: isDenied };
  }
}
