import { ConfigurationError } from "../errors/errors.ts";

/** What may be there of a runtime. */
export interface Runtime {
  readonly process?: Partial<Pick<NodeJS.Process, "getBuiltinModule" | "cwd" | "version">>;
  /** Node.js has it since version 21. */
  readonly navigator?: { readonly userAgent?: string };
}

/**
 * Whether it has what the core cannot do without, and Node.js 22 has. Other runtimes are judged by it,
 * too, not by the version that they claim.
 */
const fits = ({ process }: Runtime) =>
  process?.getBuiltinModule !== undefined && process.cwd !== undefined && Map.groupBy !== undefined;

const remedy = "Use Node.js 22.3, Bun 1.4, Deno 2.9, or newer.";

/**
 * Says which runtime is wanted, instead of failing somewhere for lack of what an old one does not
 * have.
 *
 * @throws {ConfigurationError} `node-too-old`
 */
export function refuseOldNode(runtime: Runtime = globalThis as Runtime): void {
  if (fits(runtime)) return;
  const here = runtime.navigator?.userAgent ?? `Node.js ${runtime.process?.version}`;
  throw new ConfigurationError("node-too-old", `azidentity does not run on ${here}.`, { remedy });
}
