/**
 * Prints the sizes of the bundles of small programs; fails when one is larger than it may be, or
 * has a parser of config files.
 */
import { bundle, bytesAtStart, hostedProgram, smallPrograms } from "./bundle-size.ts";

/** What only programs that read a config file need. */
const parser = /\/(?:cosmiconfig|js-yaml)\//;

for (const { name, program, acceptedGzipped, ...goal } of smallPrograms) {
  const { metafile, minified, gzipped } = await bundle(program);
  const isSmall = minified <= goal.minified && gzipped <= (acceptedGzipped ?? goal.gzipped);
  const accepted = acceptedGzipped === undefined ? "" : `, accepted: ${acceptedGzipped}`;
  const sizes = `${minified.toFixed(1)} kB (goal: ${goal.minified}), gzipped ${gzipped.toFixed(2)} kB (goal: ${goal.gzipped}${accepted})`;
  const parsers = Object.keys(metafile.inputs).filter((file) => parser.test(file));
  console.log([`${name}: ${sizes}`, ...parsers.map((file) => `  ${file} must not be in it`)].join("\n"));
  if (!isSmall || parsers.length > 0) process.exitCode = 1;
}

const { name, program, atStart: goal } = hostedProgram;
const atStart = bytesAtStart(await bundle(program)) / 1_000;
console.log(`${name}: ${atStart.toFixed(1)} kB loaded at start (goal: ${goal})`);
if (atStart > goal) process.exitCode = 1;
