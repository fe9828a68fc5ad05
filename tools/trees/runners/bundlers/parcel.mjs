import { Parcel } from "@parcel/core";

/** Splits always. `packageExports` of package.json makes it read the `exports` of packages. */
export default async function bundle({ entries, out, format, minifies }) {
  const ending = format === "esm" ? "mjs" : "cjs";
  for (const [name, file] of Object.entries(entries)) {
    const main = {
      distDir: out,
      distEntry: `${name}.${ending}`,
      context: "node",
      engines: { node: ">=22" },
      includeNodeModules: true,
      outputFormat: format === "esm" ? "esmodule" : "commonjs",
      optimize: minifies,
    };
    const settings = { defaultConfig: "@parcel/config-default", shouldDisableCache: true, mode: "production" };
    await new Parcel({ entries: file, targets: { main }, ...settings }).run();
  }
  return []; // without a reporter it has none: what it cannot bundle is thrown
}
