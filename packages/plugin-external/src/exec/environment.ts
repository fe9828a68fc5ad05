import type { TokenRequest } from "@azidentity/core/plugin";
import { contractVersion } from "../contract/failure.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Set for a program that is run: it must not run another one this way. */
export const depthVariable = "AZIDENTITY_EXEC_DEPTH";

/**
 * What programs need to find their files, their language, the network and the desktop. No secrets
 * of ours.
 */
const passed = [
  "PATH HOME USER LOGNAME SHELL LANG LANGUAGE LC_\\w+ TZ TMPDIR TEMP TMP XDG_\\w+",
  "DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS",
  "HTTPS?_PROXY ALL_PROXY NO_PROXY AZURE_CONFIG_DIR AZD_CONFIG_DIR AZIDENTITY_CONFIG AZIDENTITY_RELAY_VIA",
];
/** The same of Windows, where names have no case. */
const passedOnWindows = [
  "APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES(?:\\(X86\\))? PROGRAMW6432 PATHEXT SYSTEMDRIVE SYSTEMROOT WINDIR",
  "COMSPEC USERNAME USERDOMAIN USERPROFILE HOMEDRIVE HOMEPATH",
];
const proxies = /^(?:https?|all|no)_proxy$/;

/** Whether a variable is passed on: of these, or one that the options name. */
function passing(named: readonly string[], platform: NodeJS.Platform): (name: string) => boolean {
  const windows = platform === "win32";
  const names = (windows ? [...passed, ...passedOnWindows] : passed).join(" ").split(" ");
  const allowed = new RegExp(`^(?:${names.join("|")})$`, windows ? "i" : "");
  const fold = (name: string) => (windows ? name.toUpperCase() : name);
  const chosen = named.map(fold);
  return (name) => proxies.test(name) || allowed.test(name) || chosen.includes(fold(name));
}

/**
 * The whole environment of a program: what is allowed of ours, what the options name, and the
 * request.
 */
export function programEnvironment(
  env: Env,
  named: readonly string[],
  { scopes, claims, correlationId }: Pick<TokenRequest, "scopes" | "claims" | "correlationId">,
  tenantId: string | undefined,
  platform: NodeJS.Platform = process.platform,
): Env {
  const isPassed = passing(named, platform);
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => isPassed(name))),
    [depthVariable]: "1",
    AZIDENTITY_EXEC_VERSION: String(contractVersion),
    AZIDENTITY_EXEC_SCOPES: scopes.join(" "),
    AZIDENTITY_EXEC_TENANT_ID: tenantId,
    AZIDENTITY_EXEC_CLAIMS: claims,
    AZIDENTITY_EXEC_CORRELATION_ID: correlationId,
  };
}
