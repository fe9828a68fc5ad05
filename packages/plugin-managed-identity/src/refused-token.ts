import type { TokenRequest } from "@azidentity/core/plugin";

const sha256 = (text: string) =>
  process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");

/**
 * The parameters that name a refused token, so that the host does not return it again. The claims
 * themselves are never sent to hosts.
 */
export function refusedTokenParameters({ refusedToken }: Pick<TokenRequest, "refusedToken">): Record<string, string> {
  return refusedToken === undefined ? {} : { xms_cc: "cp1", token_sha256_to_refresh: sha256(refusedToken) };
}
