import { promisify } from "node:util";

/** Bundles with webpack, or with what takes its options. */
export const bundleWith = (webpack) =>
  async function bundle({ entries, out, format, splits, minifies }) {
    const ending = format === "esm" ? "mjs" : "cjs";
    const compiler = webpack({
      mode: minifies ? "production" : "development",
      devtool: minifies && "source-map",
      target: "node22",
      entry: entries,
      output: {
        path: out,
        filename: `[name].${ending}`,
        chunkFilename: `[name].${ending}`,
        module: format === "esm",
      },
      experiments: { outputModule: format === "esm" },
      plugins: splits ? [] : [new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 })],
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    await promisify(compiler.close.bind(compiler))();
    return [...errors, ...warnings].map(({ moduleName, message }) => `${moduleName}: ${message}`);
  };
