import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import type { UserPromptCallback } from "../user/device-code-sign-in.ts";
import { defineUserSource, userFields } from "../user/user-source.ts";

const fields = {
  ...userFields,
  userPromptCallback: {
    type: "function",
    as: {} as UserPromptCallback,
    description: "Shows the code to the user who signs in. Default: writes the message to stderr.",
  },
} as const;

/** Options of the source `device-code`. */
export type DeviceCodeOptions = ObjectOf<typeof fields>;

/**
 * Signs in a user, who types a code on another device, for programs without a browser.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
 */
export const deviceCode = defineUserSource({
  name: "device-code",
  options: defineOptions(fields),
  deadlineMs: 1_200_000, // a code is valid for fifteen minutes
  reuseExistingAccount: true,
  async signIn(application, { userPromptCallback }: DeviceCodeOptions, context) {
    const { signInByDeviceCode } = await import("../user/device-code-sign-in.ts");
    return signInByDeviceCode(application, userPromptCallback, context);
  },
});
