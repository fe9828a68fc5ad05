/**
 * Uses Microsoft's plugins for the broker and Visual Studio Code with one of both libraries, `peer`
 * or `ours`, on a machine without a broker, and prints what came of each step as JSON.
 */
import { nativeBrokerPlugin } from "@azure/identity-broker";
import { vsCodePlugin } from "@azure/identity-vscode";

const [library] = process.argv.slice(2);
const { InteractiveBrowserCredential, useIdentityPlugin, VisualStudioCodeCredential } = await import(
  library === "peer" ? "@azure/identity" : "@azidentity/identity"
);

async function outcomeOf(step) {
  try {
    await step();
    return "done";
  } catch ({ name, message }) {
    return `${name}: ${message}`;
  }
}

const scope = "https://vault.azure.net/.default";
const browser = (more) => {
  const brokerOptions = { enabled: true, parentWindowHandle: new Uint8Array(8), ...more };
  return new InteractiveBrowserCredential({ brokerOptions, disableAutomaticAuthentication: true });
};
const steps = {
  useBroker: () => useIdentityPlugin(nativeBrokerPlugin),
  useEditor: () => useIdentityPlugin(vsCodePlugin),
  browser: () => browser().getToken(scope),
  defaultAccount: () => browser({ useDefaultBrokerAccount: true }).getToken(scope),
  editor: () => new VisualStudioCodeCredential().getToken(scope),
};
const outcomes = {};
for (const [name, step] of Object.entries(steps)) outcomes[name] = await outcomeOf(step);
console.log(JSON.stringify(outcomes));
