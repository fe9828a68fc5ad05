import { loadInner } from "../logging/azure-logger.ts";

/** What `@azure/core-tracing` makes spans with. */
type Instrumenter = Readonly<Record<"startSpan" | "withContext", unknown>>;

/** Its inner files, as far as they are used. */
interface StateFile {
  readonly state: { readonly instrumenterImplementation?: Instrumenter | undefined };
}
interface InstrumenterFile {
  createDefaultInstrumenter(): Instrumenter;
}

const name = "@azure/core-tracing";

/**
 * The text of its functions, by which the instrumenter that does nothing is recognised. Calls of
 * other files of the package are written differently in its ES modules: `f()` and `(0,
 * file_js_1.f)()`.
 */
const textOf = ({ startSpan, withContext }: Instrumenter) =>
  `${startSpan}${withContext}`.replace(/\(0, \w+\.(\w+)\)/g, "$1");

/**
 * Tells whether spans go anywhere. Without an instrumenter of the program `@azure/core-tracing`
 * makes one that does nothing, whose spans cost a token in memory more than all else; the package
 * has no function that tells, so its state is read. Where that is not found, spans count as wanted.
 */
export function createIsTraced(): () => boolean {
  const file =
    loadInner<StateFile>(name, "state-cjs.js") ?? // from 1.4
    loadInner<StateFile>(name, "state.js");
  const idle = loadInner<InstrumenterFile>(name, "instrumenter.js")?.createDefaultInstrumenter?.();
  if (file?.state === undefined || idle === undefined) return () => true;
  const { state } = file;
  let last: Instrumenter | undefined;
  let isIdle = true;
  return () => {
    const current = state.instrumenterImplementation;
    if (current !== last) {
      last = current;
      isIdle = current === undefined || textOf(current) === textOf(idle);
    }
    return !isIdle;
  };
}
