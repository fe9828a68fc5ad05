/** A program of one file that has a config file: prints the application that it signs in as. */
import { createIdentity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";

const identity = createIdentity({ plugins: [entra] });
export const ended = identity
  .getToken("https://storage.azure.com/.default")
  .then(
    () => console.log(identity.explain.last.principal.clientId),
    ({ code }) => console.log(code),
  )
  .finally(() => identity.close());
