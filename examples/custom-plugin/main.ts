/** Gets a token from a source of our own, and says how it went. */
import { createIdentity } from "@azidentity/core";

const identity = createIdentity();
const { token, expiresOnTimestamp } = await identity.getToken("https://storage.azure.com/.default");
const walk = identity.explain.last;

for (const { source, outcome, ms, reason } of walk?.attempts ?? []) {
  console.log(`${source}: ${outcome} after ${ms.toFixed(0)} ms. ${reason}`);
}
console.log(
  `\nThe token (${token.length} characters, good until ${new Date(expiresOnTimestamp).toISOString()}) speaks for:`,
);
console.log(walk?.principal);

await identity.close();
