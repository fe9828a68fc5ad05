/**
 * Prints the sizes of the bundles of small programs; fails when one is clearly larger than it may
 * be, or has a parser of config files. The bench is exact.
 */
import { bundle, smallPrograms } from "./bundle-size.ts";

/** Room for a change that others make up for. */
const tolerance = 1.05;
/** What only programs that read a config file need. */
const parser = /\/(?:cosmiconfig|js-yaml)\//;

for (const { name, program, ...limits } of smallPrograms) {
  const { metafile, minified, gzipped } = await bundle(program);
  const isSmall = minified <= limits.minified * tolerance && gzipped <= limits.gzipped * tolerance;
  const sizes = `${minified.toFixed(1)} of ${limits.minified} kB, gzipped ${gzipped.toFixed(1)} of ${limits.gzipped} kB`;
  const parsers = Object.keys(metafile.inputs).filter((file) => parser.test(file));
  console.log([`${name}: ${sizes}`, ...parsers.map((file) => `  ${file} must not be in it`)].join("\n"));
  if (!isSmall || parsers.length > 0) process.exitCode = 1;
}
