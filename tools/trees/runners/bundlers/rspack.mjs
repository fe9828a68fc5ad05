import { rspack } from "@rspack/core";
import { bundleWith } from "./like-webpack.mjs";

export default bundleWith(rspack);
