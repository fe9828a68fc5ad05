// Sends telemetry with the identity of its host.
import { ManagedIdentityCredential } from "@azure/identity";
import applicationInsights from "applicationinsights";

const { SERVICE } = process.env;
const key = "00000000-0000-4000-8000-000000000000";
applicationInsights.setup(`InstrumentationKey=${key};IngestionEndpoint=${SERVICE};LiveEndpoint=${SERVICE}`);
const { defaultClient } = applicationInsights;
defaultClient.config.aadTokenCredential = new ManagedIdentityCredential();
applicationInsights.start();
defaultClient.trackEvent({ name: "greeting" });
await defaultClient.flush();
console.log("sent");
process.exit();
