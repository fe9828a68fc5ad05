/** Gets a token from a custom source, and prints the walk of the chain. */
import { createIdentity } from "@azidentity/core";

const identity = createIdentity();
const { token, expiresOnTimestamp } = await identity.getToken("https://storage.azure.com/.default");
const walk = identity.explain.last;

for (const { source, outcome, ms, reason } of walk?.attempts ?? []) {
  console.log(`${source}: ${outcome} after ${ms.toFixed(0)} ms. ${reason}`);
}
console.log(
  `\nThe token (${token.length} characters, valid until ${new Date(expiresOnTimestamp).toISOString()}) identifies:`,
);
console.log(walk?.principal);

await identity.close();
