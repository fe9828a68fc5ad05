/** Plugins as values, and everything else in a file beside the bundle. */
import { dirname, join } from "node:path";
import { createIdentity, isIdentityError } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import managedIdentity from "@azidentity/plugin-managed-identity";
import users from "@azidentity/plugin-users";
import { report } from "./report.mjs";

async function principal(options) {
  const identity = createIdentity({ plugins: [managedIdentity, entra, users], ...options });
  await identity.getToken("https://storage.azure.com/.default").finally(() => identity.close());
  return identity.explain.last.principal.clientId;
}

const beside = (name) => join(dirname(process.argv[1]), name);
report("the config that is found", () => principal({}));
for (const name of ["config.json", "config.mjs", "config.cjs"])
  report(name, () => principal({ configFile: beside(name) }));
report("a typo", () =>
  principal({ configFile: beside("typo.yaml") }).catch((error) => {
    const { name, code, line } = error;
    return { isOurs: isIdentityError(error), name, code, line };
  }),
);
