/** Prints the sizes of the bundles of small programs; fails when one is larger than it may be. */
import { bundle, smallPrograms } from "./bundle-size.ts";

for (const { name, program, ...limits } of smallPrograms) {
  const { minified, gzipped } = await bundle(program);
  const isSmall = minified <= limits.minified && gzipped <= limits.gzipped;
  const sizes = `${minified.toFixed(1)} of ${limits.minified} kB, gzipped ${gzipped.toFixed(1)} of ${limits.gzipped} kB`;
  console.log(`${name}: ${sizes}`);
  if (!isSmall) process.exitCode = 1;
}
