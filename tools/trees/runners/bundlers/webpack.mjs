import webpack from "webpack";
import { bundleWith } from "./like-webpack.mjs";

export default bundleWith(webpack);
