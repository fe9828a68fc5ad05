/**
 * The source `client-secret` alone, for programs that need no other and want a small bundle. A
 * plugin for `@azidentity/core`.
 */
import { definePlugin } from "@azidentity/core/plugin";
import { clientSecret } from "./sources/client-secret.ts";

/** Put it into `plugins` of a config in place of the whole plugin. */
export const clientSecretOnly = definePlugin({
  name: "@azidentity/plugin-entra/client-secret",
  sources: [clientSecret],
});
export default clientSecretOnly;
