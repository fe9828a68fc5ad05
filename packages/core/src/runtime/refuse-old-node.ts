import { ConfigurationError } from "../errors/errors.ts";

/** What may be there of a runtime. */
export interface Runtime {
  readonly process?: Partial<Pick<NodeJS.Process, "getBuiltinModule" | "cwd" | "version">>;
  /** Node.js has it since version 21. */
  readonly navigator?: { readonly userAgent?: string };
  /** Of Next.js and Vercel; its `process` has functions that throw. Source: https://edge-runtime.vercel.app/packages/runtime */
  readonly EdgeRuntime?: string;
}

/**
 * Says which runtime is wanted, instead of failing somewhere for lack of what an old one does not
 * have.
 *
 * @throws {ConfigurationError} `node-too-old`
 */
export function refuseOldNode(runtime: Runtime = globalThis as Runtime): void {
  const { process, navigator, EdgeRuntime } = runtime;
  if (process?.getBuiltinModule && process.cwd && "groupBy" in Map && !EdgeRuntime) return;
  const here = EdgeRuntime ?? navigator?.userAgent ?? `Node.js ${process?.version}`;
  throw new ConfigurationError("node-too-old", `azidentity does not run on ${here}.`, {
    remedy: "Use Node.js 22.3, Bun 1.4, Deno 2.9, or newer.",
  });
}
