/**
 * Bundles programs: `node main.mjs esbuild '{ ... }'`. Prints what the bundler warns of, as JSON.
 *
 * Each bundler has a function that takes
 *   entries   files by the names of their bundles
 *   out       the folder of the bundles
 *   format    "esm" or "cjs"
 *   splits    whether what `import()` loads, and what bundles share, is in files of its own
 *   minifies  whether names are shortened, where the bundler can; there is a source map then
 * and resolves with its warnings.
 */
const [name, job] = process.argv.slice(2);
const { default: bundle } = await import(`./${name}.mjs`);
console.log(JSON.stringify(await bundle(JSON.parse(job))));
