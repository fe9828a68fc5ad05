import { build } from "rolldown";

export default async function bundle({ entries, out, format, splits, minifies }) {
  const warnings = [];
  const ending = format === "esm" ? "mjs" : "cjs";
  await build({
    input: entries,
    platform: "node",
    onLog: (_, { message }) => warnings.push(message),
    output: {
      dir: out,
      format,
      entryFileNames: `[name].${ending}`,
      chunkFileNames: `[name]-[hash].${ending}`,
      codeSplitting: splits,
      minify: minifies,
      sourcemap: minifies,
    },
  });
  return warnings;
}
