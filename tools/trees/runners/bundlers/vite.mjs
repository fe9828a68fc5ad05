import { build } from "vite";

export default async function bundle({ entries, out, format, splits, minifies }) {
  const warnings = [];
  const ending = format === "esm" ? "mjs" : "cjs";
  const output = {
    format,
    entryFileNames: `[name].${ending}`,
    chunkFileNames: `[name]-[hash].${ending}`,
    codeSplitting: splits,
  };
  await build({
    configFile: false,
    customLogger: {
      info: () => undefined,
      warn: (message) => warnings.push(message),
      warnOnce: (message) => warnings.push(message),
      error: (message) => warnings.push(message),
      clearScreen: () => undefined,
      hasErrorLogged: () => false,
      hasWarned: false,
    },
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: true,
      outDir: out,
      emptyOutDir: false,
      minify: minifies,
      sourcemap: minifies,
      rollupOptions: { input: entries, output },
    },
  });
  return warnings;
}
