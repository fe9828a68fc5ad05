import { ConfigurationError } from "../errors/errors.ts";

/** Globals of a runtime by which it is recognized; each may be missing. */
export interface RuntimeGlobals {
  readonly process?: Partial<Pick<NodeJS.Process, "getBuiltinModule" | "version">>;
  /** Node.js has it since version 21. */
  readonly navigator?: { readonly userAgent?: string };
  /**
   * Of Next.js and Vercel; its `process` has functions that throw. Source:
   * https://edge-runtime.vercel.app/packages/runtime
   */
  readonly EdgeRuntime?: string;
  /** Of Workers. */
  readonly WebSocketPair?: unknown;
}

/**
 * Says which runtime is wanted, instead of failing somewhere for lack of what an old one does not
 * have. In a Worker, this build would leave requests waiting for what another one has begun.
 *
 * @throws {ConfigurationError} `node-too-old`
 */
export function refuseOldNode(runtime: RuntimeGlobals = globalThis as RuntimeGlobals): void {
  const { process, navigator, EdgeRuntime, WebSocketPair } = runtime;
  if (process?.getBuiltinModule && "groupBy" in Map && !EdgeRuntime && !WebSocketPair) return;
  const here = EdgeRuntime ?? navigator?.userAgent ?? `Node.js ${process?.version}`;
  throw new ConfigurationError("node-too-old", `azidentity does not run on ${here}.`, {
    remedy:
      "Use Node.js 22.3, Bun 1.4, Deno 2.9, or newer; in a web page, @azure/msal-browser; bundle Workers with the condition workerd.",
  });
}
