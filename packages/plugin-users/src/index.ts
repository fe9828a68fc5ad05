/** Credential sources that sign in users at Microsoft Entra ID. A plugin for `@azidentity/core`. */
import { definePlugin, subprocesses } from "@azidentity/core/plugin";
import { authorizationCode } from "./sources/authorization-code.ts";
import { deviceCode } from "./sources/device-code.ts";
import { interactiveBrowser } from "./sources/interactive-browser.ts";
import { usernamePassword } from "./sources/username-password.ts";

export type { OpenBrowserCallback } from "./browser/open-browser.ts";
export type { DeviceCodeOptions } from "./sources/device-code.ts";
export type { UsernamePasswordOptions } from "./sources/username-password.ts";
export { deserializeAuthenticationRecord, serializeAuthenticationRecord } from "./user/authentication-record.ts";
export type { UserPromptCallback } from "./user/device-code-sign-in.ts";
export type { DeviceCodeInfo } from "./user/device-http.ts";

/** Put it into `plugins` of a config, or name the package there. */
export const users = definePlugin({
  name: "@azidentity/plugin-users",
  sources: [authorizationCode, deviceCode, interactiveBrowser, usernamePassword],
  services: [subprocesses],
});
export default users;
