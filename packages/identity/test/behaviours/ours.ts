import * as identity from "../../src/index.ts";
import type { Identity } from "./implementations.ts";

export const ours = identity as unknown as Identity;
export { resetSharedTokens } from "../../src/testing.ts";
