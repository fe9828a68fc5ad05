/** For tests of programs that use this package. */
export { resetSharedTokens } from "./shared/links.ts";
