import { loadOptional } from "../logging/azure-logger.ts";
import type { GetTokenOptions } from "../types/token.ts";
import { createIsTraced } from "./instrumenter.ts";

/** The part of `@azure/core-tracing` that is used. */
interface TracingClient {
  startSpan(
    name: string,
    options: GetTokenOptions | undefined,
  ): { readonly span: { setStatus(status: { readonly status: "success" }): void; end(): void } };
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
  return {
    /** Whether the program has an instrumenter now. */
    isWanted: (): boolean => find() !== undefined && isTraced?.() === true,
    /**
     * Makes the span of a call of a class that is answered from memory: one that begins and ends now.
     * None is made while no instrumenter is registered.
     */
    noteHit(name: string, options: GetTokenOptions | undefined): void {
      if (isTraced?.() === false) return;
      const span = find()?.startSpan(name, options).span;
      span?.setStatus({ status: "success" });
      span?.end();
    },
    /**
     * Runs in a span of `@azure/core-tracing` where the program has that package. What runs gets the
     * options with the context of the span.
     */
    inSpan<T>(name: string, options: GetTokenOptions, run: (options: GetTokenOptions) => Promise<T>): Promise<T> {
      const found = find();
      return found === undefined ? run(options) : found.withSpan(name, options, run);
    },
  };
}

export const { isWanted, noteHit, inSpan } = createSpans();
