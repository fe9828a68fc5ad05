// Prints the milliseconds from `createIdentity` to the first token of the default chain of five
// plugins, imported before.
import { createIdentity } from "@azidentity/core";
import broker from "@azidentity/plugin-broker";
import devTools from "@azidentity/plugin-dev-tools";
import entra from "@azidentity/plugin-entra";
import managedIdentity from "@azidentity/plugin-managed-identity";
import users from "@azidentity/plugin-users";

const started = performance.now();
const identity = createIdentity({ config: false, plugins: [entra, managedIdentity, devTools, users, broker] });
await identity.getToken("https://storage.azure.com/.default");
console.log(performance.now() - started);
process.exit();
