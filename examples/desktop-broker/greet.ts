/** Greets the user who is signed in to the machine. */
import { createIdentity, isIdentityError } from "@azidentity/core";

const identity = createIdentity();
try {
  await identity.getToken("https://graph.microsoft.com/User.Read");
  console.log(`Hello, ${identity.explain.last?.principal?.username}!`);
} catch (error) {
  if (!isIdentityError(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await identity.close();
}
