/**
 * The cases of the suite by area and name, as the tables of the runtimes show them. A case
 * resolves, or rejects with what is wrong.
 */
import { cases as applications } from "./cases/applications.mjs";
import { cases as core } from "./cases/core.mjs";
import { cases as developerTools } from "./cases/developer-tools.mjs";
import { cases as dropIn } from "./cases/drop-in.mjs";
import { cases as external } from "./cases/external.mjs";
import { cases as files } from "./cases/files.mjs";
import { cases as hosts } from "./cases/hosts.mjs";
import { cases as transport } from "./cases/transport.mjs";
import { cases as users } from "./cases/users.mjs";

export const areas = {
  "core: cache, chain, config files, time limits": core,
  "plugin-entra: applications": applications,
  "plugin-managed-identity": hosts,
  "plugin-dev-tools: programs that sign in": developerTools,
  "plugin-users: device code": users,
  "plugin-external: exec, relay": external,
  "plugin-cache-persist: encrypted file": files,
  "drop-in for @azure/identity": dropIn,
  "network: own authorities, pinned certificates, proxies": transport,
};
