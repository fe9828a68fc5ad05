/** The default chain of a config in code, for programs of one file. */
import { createIdentity } from "@azidentity/core/in-code";
import devTools from "@azidentity/plugin-dev-tools";
import entra from "@azidentity/plugin-entra";
import managedIdentity from "@azidentity/plugin-managed-identity";

const identity = createIdentity({ plugins: [entra, managedIdentity, devTools] });
identity
  .getToken("https://storage.azure.com/.default")
  .then(() => console.log(identity.explain.last.principal.clientId))
  .finally(() => identity.close());
