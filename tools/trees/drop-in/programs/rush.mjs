// Signs in as the build cache of Rush does: a chain of subclasses, of tools and of the plugin's own
// credential.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { AzureAuthenticationBase } = require("@rushstack/rush-azure-storage-build-cache-plugin");
const { Terminal, StringBufferTerminalProvider } = require("@rushstack/terminal");
class Authentication extends AzureAuthenticationBase {
  _getCacheIdParts() {
    return ["contoso"];
  }
  async _getCredentialFromTokenAsync(_terminal, credential) {
    const { token, expiresOnTimestamp } = await credential.getToken("https://storage.azure.com/.default");
    return { credentialString: token, expiresOn: new Date(expiresOnTimestamp) };
  }
}
const options = { loginFlow: "AdoCodespacesAuth", loginFlowFailover: { AdoCodespacesAuth: "AzureCli" } };
const authentication = new Authentication(options);
const terminal = new Terminal(new StringBufferTerminalProvider());
await authentication.updateCachedCredentialInteractiveAsync(terminal);
const { credential } = await authentication.tryGetCachedCredentialAsync();
const headers = { Authorization: `Bearer ${credential}` };
console.log((await fetch(`${process.env.SERVICE}/contoso/_apis/projects`, { headers })).status);
