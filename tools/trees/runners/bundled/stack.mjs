/** Prints where an error was thrown. */
import { createIdentity } from "@azidentity/core/in-code";
import clientSecret from "@azidentity/plugin-entra/client-secret";

async function request() {
  const identity = createIdentity({ plugins: [clientSecret], chain: ["client-secret"] });
  await identity.getToken("not a scope").finally(() => identity.close());
}
request().catch(({ stack }) => console.log(stack));
