/**
 * Signs in with the account broker of the session bus, with one of both libraries, in a process of
 * its own, because the native part reads the address of the bus once. Arguments: `peer` or `ours`,
 * then for each credential its class, options and options of its call. Prints what came of each.
 */
import { registerHooks } from "node:module";

// keytar has to be compiled, and is needed only for caches
registerHooks({
  resolve: (name, context, next) => (name === "keytar" ? next("node:path", context) : next(name, context)),
});

const [library, ...credentials] = process.argv.slice(2);
const identity = await import(library === "peer" ? "@azure/identity" : "@azidentity/identity");
if (library === "peer") {
  const { nativeBrokerPlugin } = await import("@azure/identity-broker");
  identity.useIdentityPlugin(nativeBrokerPlugin);
}

for (const [className, options, call] of credentials.map((text) => JSON.parse(text))) {
  const { brokerOptions } = options;
  const withWindow = brokerOptions && { ...brokerOptions, parentWindowHandle: new Uint8Array(8) };
  try {
    const credential = new identity[className]({ ...options, ...(withWindow && { brokerOptions: withWindow }) });
    const { token, tokenType } = await credential.getToken("https://vault.azure.net/.default", call);
    const { upn, appid, nonce } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
    console.log(JSON.stringify({ upn, appid, nonce, tokenType }));
  } catch ({ name }) {
    console.log(JSON.stringify({ error: name }));
  }
}
process.exit(0); // the native part would keep it alive
