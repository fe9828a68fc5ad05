import { loadOptional } from "../logging/azure-logger.ts";
import type { GetTokenOptions } from "../types/token.ts";
import { createIsTraced } from "./instrumenter.ts";

/** The part of `@azure/core-tracing` that is used. */
interface TracingClient {
  startSpan(
    name: string,
    options: GetTokenOptions | undefined,
  ): {
    readonly span: { setStatus(status: { readonly status: "success" }): void; end(): void };
    readonly updatedOptions: GetTokenOptions;
  };
  withSpan<T>(name: string, options: GetTokenOptions, run: (options: GetTokenOptions) => Promise<T>): Promise<T>;
}
interface Tracing {
  createTracingClient(about: {
    readonly namespace: string;
    readonly packageName: string;
    readonly packageVersion: string;
  }): TracingClient;
}

/** As the Azure SDKs name the package, because dashboards select spans by it. */
const about = { namespace: "Microsoft.AAD", packageName: "@azure/identity", packageVersion: "4.14.1" };

/** Makes spans that succeed at once, each below the one before it. */
function noteSpans(
  client: TracingClient,
  [className, ...others]: readonly string[],
  options: GetTokenOptions | undefined,
): void {
  if (className === undefined) return;
  const { span, updatedOptions } = client.startSpan(`${className}.getToken`, options);
  noteSpans(client, others, updatedOptions);
  span.setStatus({ status: "success" });
  span.end();
}

function createSpans() {
  let client: TracingClient | undefined;
  let isTraced: (() => boolean) | undefined;
  const find = (): TracingClient | undefined => {
    if (isTraced === undefined) {
      client = loadOptional<Tracing>("@azure/core-tracing")?.createTracingClient(about);
      isTraced = client === undefined ? () => false : createIsTraced();
    }
    return client;
  };
  const inSpans = <T>(
    [name, ...others]: readonly string[],
    options: GetTokenOptions,
    run: (options: GetTokenOptions) => Promise<T>,
  ): Promise<T> => {
    const found = find();
    if (found === undefined || name === undefined) return run(options);
    return found.withSpan(name, options, (inner) => inSpans(others, inner, run));
  };
  return {
    /** Whether the program has an instrumenter now. */
    isWanted: (): boolean => find() !== undefined && isTraced?.() === true,
    /**
     * Makes the spans of a call that is answered from memory, one below the other: they begin and
     * end now. None is made while no instrumenter is registered.
     *
     * @param classNames from the outermost to the innermost
     */
    noteHit(classNames: readonly string[], options: GetTokenOptions | undefined): void {
      if (isTraced?.() === false) return;
      const found = find();
      if (found !== undefined) noteSpans(found, classNames, options);
    },
    /**
     * Runs in a span of `@azure/core-tracing` where the program has that package. What runs gets
     * the options with the context of the span.
     */
    inSpan: <T>(name: string, options: GetTokenOptions, run: (options: GetTokenOptions) => Promise<T>): Promise<T> =>
      inSpans([name], options, run),
    /**
     * The same in spans one below the other.
     *
     * @param names from the outermost to the innermost
     */
    inSpans,
  };
}

export const { isWanted, noteHit, inSpan, inSpans } = createSpans();
