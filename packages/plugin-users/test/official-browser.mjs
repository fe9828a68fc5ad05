/**
 * A program with Microsoft's InteractiveBrowserCredential. Ends its wait when a line comes, and
 * says how it ended.
 */
import { InteractiveBrowserCredential } from "@azure/identity";

const [authorityHost, tenantId, clientId, scope] = process.argv.slice(2);
const credential = new InteractiveBrowserCredential({
  authorityHost,
  tenantId,
  clientId,
  disableInstanceDiscovery: true,
});
const controller = new AbortController();
process.stdin.once("data", () => controller.abort()).unref();
credential.getToken(scope, { abortSignal: controller.signal }).then(
  () => console.log("a token"),
  ({ name }) => console.log(name),
);
