import { ConfigurationError } from "../errors/errors.ts";

/**
 * Something of Node.js 22 that the core cannot do without. Other runtimes are judged by it, too,
 * not by the version that they claim.
 */
const needed = () => process.getBuiltinModule !== undefined && Map.groupBy !== undefined;

/**
 * Says which Node.js is wanted, instead of failing somewhere for lack of what an old one does not
 * have.
 */
export function refuseOldNode(fits = needed): void {
  if (fits()) return;
  throw new ConfigurationError("node-too-old", `azidentity does not run on Node.js ${process.version}.`, {
    remedy: "Use Node.js 22.3 or newer.",
  });
}
