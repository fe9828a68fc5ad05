import { build } from "esbuild";

export default async function bundle({ entries, out, format, splits, minifies }) {
  const ending = format === "esm" ? ".mjs" : ".cjs";
  const { warnings } = await build({
    entryPoints: entries,
    outdir: out,
    outExtension: { ".js": ending },
    bundle: true,
    platform: "node",
    format,
    splitting: splits,
    minify: minifies,
    sourcemap: minifies,
    logLevel: "silent",
  });
  return warnings.map(({ text }) => text);
}
