// Prints the milliseconds from `new DefaultAzureCredential` to its first token.
import { DefaultAzureCredential } from "@azure/identity";

const started = performance.now();
await new DefaultAzureCredential({ disableInstanceDiscovery: true }).getToken("https://storage.azure.com/.default");
console.log(performance.now() - started);
process.exit();
