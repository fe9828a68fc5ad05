import type { Instrumentation } from "@azidentity/core";
import { classNameOf } from "../errors/default-chain-error.ts";
import type { GetTokenOptions } from "../types/token.ts";
import { inSpan } from "./spans.ts";

/** Spans of the members of a default chain, below that of the chain. */
export const memberSpans: Instrumentation = {
  acquire({ source, operation, tracingContext }, run) {
    const options = { tracingOptions: { tracingContext } } as GetTokenOptions;
    return inSpan(`${classNameOf(source)}.${operation}`, options, (inner) => run(inner.tracingOptions?.tracingContext));
  },
};
