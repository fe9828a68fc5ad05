/**
 * Prints the sizes of the bundles of small programs; fails when one is clearly larger than it may be.
 * The bench is exact.
 */
import { bundle, smallPrograms } from "./bundle-size.ts";

/** Room for a change that others make up for. */
const tolerance = 1.05;

for (const { name, program, ...limits } of smallPrograms) {
  const { minified, gzipped } = await bundle(program);
  const isSmall = minified <= limits.minified * tolerance && gzipped <= limits.gzipped * tolerance;
  const sizes = `${minified.toFixed(1)} of ${limits.minified} kB, gzipped ${gzipped.toFixed(1)} of ${limits.gzipped} kB`;
  console.log(`${name}: ${sizes}`);
  if (!isSmall) process.exitCode = 1;
}
