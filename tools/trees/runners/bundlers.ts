/** Programs that bundle `input` into the folder `out`, each as its documentation says for Node.js. */

/** Prints the file that it has written, which must be free of warnings. */
const finish = (file: string) => `console.log(require("node:path").join(out, ${JSON.stringify(file)}));`;
const begin = "const [input, out] = process.argv.slice(2);";
const async = (text: string) =>
  `(async () => {\n${text}\n})().catch((error) => { console.error(error); process.exit(1); });`;

export const bundlers: Readonly<Record<string, string>> = {
  esbuild: `${begin}
require("esbuild").buildSync({
  entryPoints: [input], bundle: true, platform: "node", outfile: out + "/bundle.cjs", logLevel: "warning",
});
${finish("bundle.cjs")}`,
  rollup: `${begin}
const resolve = require("@rollup/plugin-node-resolve").default({ preferBuiltins: true });
const commonjs = require("@rollup/plugin-commonjs").default();
${async(`const { rollup } = require("rollup");
const onwarn = ({ code, message }) => code !== "CIRCULAR_DEPENDENCY" && console.error(message);
const bundle = await rollup({ input, plugins: [resolve, commonjs], onwarn, external: /^node:/ });
await bundle.write({ dir: out, format: "cjs", entryFileNames: "bundle.cjs", chunkFileNames: "[name].cjs" });
${finish("bundle.cjs")}`)}`,
  webpack: `${begin}
require("webpack")(
  { mode: "production", target: "node", entry: input, output: { path: out, filename: "bundle.cjs" } },
  (error, stats) => {
    const { errors = [], warnings = [] } = stats?.toJson() ?? {};
    for (const { message, moduleName = "" } of [...errors, ...warnings]) console.error(moduleName, message);
    if (error || errors.length > 0) process.exit(1);
    ${finish("bundle.cjs")}
  },
);`,
  vite: `${begin}
${async(`const { build } = await import("vite");
await build({
  configFile: false, logLevel: "warn", ssr: { noExternal: true, target: "node" },
  build: { ssr: input, outDir: out, emptyOutDir: false, rollupOptions: { output: { entryFileNames: "bundle.mjs" } } },
});
${finish("bundle.mjs")}`)}`,
  rolldown: `${begin}
${async(`const { build } = await import("rolldown");
await build({ input, platform: "node", output: { dir: out, format: "esm", entryFileNames: "bundle.mjs", chunkFileNames: "[name].mjs" } });
${finish("bundle.mjs")}`)}`,
};
