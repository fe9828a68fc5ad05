import type { TokenRequest } from "@azidentity/core/plugin";

const sha256 = (text: string) =>
  process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");

/** Tells a host which of its tokens was refused, so that it does not give it out again. The claims themselves are not for hosts. */
export function describeRefused({ refusedToken }: Pick<TokenRequest, "refusedToken">): Record<string, string> {
  return refusedToken === undefined ? {} : { xms_cc: "cp1", token_sha256_to_refresh: sha256(refusedToken) };
}
