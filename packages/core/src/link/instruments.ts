import { untilAborted } from "../async/abort.ts";
import { runInside } from "../async/run-inside.ts";
import type { AcquisitionInfo, Instrumentation, SendOutcome } from "../contract/instrumentation.ts";
import type { Http, HttpResponse, Logger } from "../contract/system-services.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";

/** The hooks of one identity around the work of its sources. */
export interface Instruments {
  /**
   * Does one acquisition inside the hook; `work` gets the request with the context that the hook
   * passed on.
   */
  acquire<T>(
    source: string,
    operation: AcquisitionInfo["operation"],
    request: ResolvedRequest,
    work: (request: ResolvedRequest) => Promise<T>,
  ): Promise<T>;
  /** Sends each request inside the hook. */
  http(source: string, http: Http): Http;
}

const tracingContextOf = ({ original }: ResolvedRequest) => original?.options.tracingOptions?.tracingContext;

/** The request with a context that credentials of other libraries get. */
function withContext(request: ResolvedRequest, tracingContext: unknown): ResolvedRequest {
  const { original } = request;
  if (original === undefined || tracingContext === tracingContextOf(request)) return request;
  const tracingOptions = { ...original.options.tracingOptions, tracingContext };
  return Object.freeze({ ...request, original: { ...original, options: { ...original.options, tracingOptions } } });
}

/** The URL without what may be secret. */
function shownUrl(text: string): string {
  if (!URL.canParse(text)) return "";
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`;
}

/** A hook that fails is one warning, not one for each token. */
function createReport(log: Logger, name: string): (fault: unknown) => void {
  let hasWarned = false;
  return (error) => {
    if (!hasWarned) log.warn(`The hook \`instrumentation.${name}\` failed; work goes on without it.`, { error });
    hasWarned = true;
  };
}

/** @param log redacts what it writes */
export function createInstruments(instrumentation: Instrumentation, log: Logger): Instruments {
  const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
  const current = new AsyncLocalStorage<unknown>();
  const [onAcquireFault, onSendFault] = [createReport(log, "acquire"), createReport(log, "send")];
  return {
    acquire<T>(
      source: string,
      operation: AcquisitionInfo["operation"],
      request: ResolvedRequest,
      work: (request: ResolvedRequest) => Promise<T>,
    ) {
      const { scopes, tenantId, signal } = request;
      const given = tracingContextOf(request);
      const inContext = (context: unknown = given) => current.run(context, () => work(withContext(request, context)));
      if (instrumentation.acquire === undefined) return inContext();
      const info = Object.freeze({ operation, source, scopes, tenantId, tracingContext: given });
      return runInside<T, void>((run) => instrumentation.acquire?.(info, run), {
        work: inContext,
        seen: async (running) => void (await untilAborted(running, signal)),
        onFault: onAcquireFault,
      });
    },
    http(source, http) {
      if (instrumentation.send === undefined) return http;
      return {
        send(request, signal) {
          const { method, url } = request;
          const info = Object.freeze({ method, url: shownUrl(url), source, tracingContext: current.getStore() });
          return runInside<HttpResponse, SendOutcome>((run) => instrumentation.send?.(info, () => run()), {
            work: () => http.send(request, signal),
            seen: async (running) => Object.freeze({ status: (await running).status }),
            onFault: onSendFault,
          });
        },
      };
    },
  };
}
