/**
 * One acquisition of a source, or one sign-in of a user. A token from memory or a store is none.
 */
export interface AcquisitionInfo {
  /** The method of the credential that needs it. */
  readonly operation: "getToken" | "authenticate";
  /** Name of the source; for a credential of another library, that of its class. */
  readonly source: string;
  /** The scopes of the request, normalised and sorted. */
  readonly scopes: readonly string[];
  /** The tenant that was requested; `undefined`: the source's own. */
  readonly tenantId: string | undefined;
  /**
   * `tracingOptions.tracingContext` of the call that began it; other calls may wait for the same
   * acquisition.
   */
  readonly tracingContext: unknown;
}

/** One HTTP request. */
export interface SendInfo {
  /** The HTTP method. */
  readonly method: string;
  /** The URL without user, query and fragment. */
  readonly url: string;
  /** Name of the source that sends it. */
  readonly source: string;
  /** The context that `acquire` passed on, else that of the call. */
  readonly tracingContext: unknown;
}

/** What a hook may know of a response. */
export interface SendOutcome {
  /** HTTP status, e.g. `200`. */
  readonly status: number;
}

/**
 * Functions around the work of an identity, for spans and metrics. Each calls `run` before it
 * returns, and may await what that returns: it settles when the work does, and rejects with its
 * error. Neither tokens nor bodies are passed. A hook changes nothing: what it returns is ignored,
 * and when it throws, or has not called `run`, the work goes on without it, with one warning in the
 * log.
 *
 * @example
 * const instrumentation: Instrumentation = {
 *   acquire: ({ source }, run) => tracer.startActiveSpan(`${source}.getToken`, (span) => run().finally(() => span.end())),
 * };
 */
export interface Instrumentation {
  /**
   * Around one acquisition or sign-in. `run` may get a tracing context, which requests and
   * credentials of other libraries then get.
   */
  readonly acquire?: (info: AcquisitionInfo, run: (tracingContext?: unknown) => Promise<void>) => unknown;
  /** Around one HTTP request of a source. */
  readonly send?: (info: SendInfo, run: () => Promise<SendOutcome>) => unknown;
}
