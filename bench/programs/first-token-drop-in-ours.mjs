import { DefaultAzureCredential } from "@azidentity/identity";

await new DefaultAzureCredential({ disableInstanceDiscovery: true }).getToken("https://storage.azure.com/.default");
process.exit();
