/** Credential sources for programs that run on Azure. A plugin for `@azidentity/core`. */
import { definePlugin } from "@azidentity/core/plugin";
import { thisMachine } from "./machine.ts";
import { createManagedIdentitySource } from "./sources/managed-identity.ts";
import { workloadIdentity } from "./sources/workload-identity.ts";

/** Put it into `plugins` of a config, or name the package there. */
export const managedIdentity = definePlugin({
  name: "@azidentity/plugin-managed-identity",
  sources: [workloadIdentity, createManagedIdentitySource(thisMachine)],
});

export default managedIdentity;
