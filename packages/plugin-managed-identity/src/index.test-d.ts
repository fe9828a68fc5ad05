import { createIdentity } from "@azidentity/core";
import managedIdentity from "./index.ts";

const identity = createIdentity({ plugins: [managedIdentity] });

// every option that a source describes compiles
identity.credential("workload-identity", { tenantId: "t", clientId: "c", tokenFilePath: "f", enableAzureProxy: true });
identity.credential("managed-identity", { clientId: null, source: "imds" });
identity.credential("managed-identity", { resourceId: { env: "RESOURCE_ID" } });
// @ts-expect-error: no other does
identity.credential("workload-identity", { tokenFile: "f" });
