// Runs @azure/identity-broker in its own process, because its native part reads the session bus
// address once. Prints the result of each call.
import { registerHooks } from "node:module";

// keytar has to be compiled, and is needed only for caches
registerHooks({
  resolve: (name, context, next) => (name === "keytar" ? next("node:path", context) : next(name, context)),
});

const { InteractiveBrowserCredential, useIdentityPlugin } = await import("@azure/identity");
const { nativeBrokerPlugin } = await import("@azure/identity-broker");
useIdentityPlugin(nativeBrokerPlugin);

for (const options of process.argv.slice(2).map((text) => JSON.parse(text))) {
  const { useDefaultBrokerAccount, ...asked } = options;
  const brokerOptions = { enabled: true, parentWindowHandle: new Uint8Array(8), useDefaultBrokerAccount };
  try {
    const credential = new InteractiveBrowserCredential({ ...asked, brokerOptions });
    const { token, tokenType } = await credential.getToken("https://vault.azure.net/.default", asked);
    console.log(JSON.stringify({ token, tokenType }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.name }));
  }
}
process.exit(0); // the native part would keep it alive
