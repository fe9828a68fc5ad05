import { ManagedIdentityCredential } from "@azure/identity";

await new ManagedIdentityCredential().getToken("https://storage.azure.com/.default");
process.exit();
