import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";

/** It has no minifier of its own. */
export default async function bundle({ entries, out, format, splits, minifies }) {
  const warnings = [];
  const ending = format === "esm" ? "mjs" : "cjs";
  const bundled = await rollup({
    input: entries,
    plugins: [resolve({ preferBuiltins: true }), commonjs()],
    onwarn: ({ message }) => warnings.push(message),
  });
  await bundled.write({
    dir: out,
    format,
    entryFileNames: `[name].${ending}`,
    chunkFileNames: `[name]-[hash].${ending}`,
    inlineDynamicImports: !splits,
    sourcemap: minifies,
  });
  await bundled.close();
  return warnings;
}
