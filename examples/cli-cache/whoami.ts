/** A command-line tool that runs often: prints its account. */
import { createIdentity, isIdentityError } from "@azidentity/core";

const identity = createIdentity();
try {
  await identity.getToken("https://storage.azure.com/.default");
  const { winner, principal } = identity.explain.last ?? {};
  console.log(`${principal?.username ?? principal?.clientId} (${winner})`);
} catch (error) {
  if (!isIdentityError(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await identity.close();
}
