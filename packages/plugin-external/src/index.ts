/** Credential sources that take tokens from another program. A plugin for `@azidentity/core`. */
import { definePlugin, subprocesses } from "@azidentity/core/plugin";
import { azdHost } from "./azd-host/source.ts";
import { exec } from "./exec/source.ts";
import { relay } from "./relay/source.ts";
import { sidecar } from "./sidecar/source.ts";

/** Put it into `plugins` of a config, or name the package there. */
export const external = definePlugin({
  name: "@azidentity/plugin-external",
  sources: [exec, relay, azdHost, sidecar],
  services: [subprocesses],
});
export default external;
