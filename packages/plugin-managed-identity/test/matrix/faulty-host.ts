import type { Clock, Http, HttpRequest } from "@azidentity/core/plugin";
import { type Fault, type Reply, tokenBody } from "./faults.ts";
import type { MatrixHost } from "./hosts.ts";

/** The other side of every request of a program. */
export interface FaultyHost extends Http {
  /** From now on the fault is over. */
  recover(): void;
}

/**
 * The probe is the only request to a host that asks for nothing: it has neither the header nor a
 * query.
 */
const isProbe = ({ method, url, headers }: HttpRequest) =>
  method === "GET" && headers?.Metadata === undefined && new URL(url).search === "";

const identityNotFound: Reply = {
  status: 400,
  headers: { "content-type": "application/json" },
  body: '{"error":"invalid_request","error_description":"Identity not found"}',
};

/** That host under that fault. */
export function createFaultyHost(host: MatrixHost, fault: Fault, clock: Clock): FaultyHost {
  let requests = 0;
  let isOver = false;
  const own = (): Reply => (host.hasNoIdentity === true ? identityNotFound : { body: tokenBody(clock.now()) });
  const replyTo = (request: HttpRequest): Reply => {
    if (isProbe(request) && host.probe !== undefined) return host.probe;
    if (!isProbe(request)) requests++;
    const isSpent = isOver || requests > (fault.times ?? Number.POSITIVE_INFINITY);
    return fault.kind === "token" || isSpent ? own() : fault.reply(clock.now());
  };
  return {
    recover() {
      isOver = true;
    },
    async send(request, signal) {
      signal.throwIfAborted();
      const isOwn = isProbe(request) && host.probe !== undefined;
      if (!isOver && !isOwn && fault.delayMs !== undefined) await clock.sleep(fault.delayMs, signal);
      const reply = replyTo(request);
      if (reply instanceof Error) throw reply;
      if (reply !== "silence") return { status: 200, headers: {}, body: "", ...reply };
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    },
  };
}
