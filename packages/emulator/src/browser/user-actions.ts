import type { Authority } from "../entra/authority.ts";
import { findAccount } from "../entra/users/accounts.ts";
import { authenticate } from "../entra/users/authentication.ts";
import type { Policies } from "../entra/users/policies.ts";
import { type Browser, createBrowser } from "./browser.ts";

/** Sign-ins of users, and the policies that apply to them. */
export interface UserActions extends Pick<Browser, "signIn" | "signInAtDevice"> {
  /**
   * A browser with its own cookies, which keeps its users signed in. `signIn` and `signInAtDevice`
   * of the emulator open a new one for each call.
   */
  openBrowser(): Browser;
  /**
   * Approves every pending device code for a user, without a page, with a second factor if the user
   * has one.
   *
   * @throws {RangeError} No tenant has this user.
   */
  approveDevices(username: string): void;
  /** The conditional access policies. */
  readonly policies: Policies;
}

export function createUserActions(parts: {
  readonly authority: Authority;
  readonly authorityHost: string;
  readonly caCertificate: string;
}): UserActions {
  const { authority } = parts;
  const openBrowser = () => createBrowser({ ...parts, tenants: authority.tenants });
  return {
    openBrowser,
    signIn: (url, options) => openBrowser().signIn(url, options),
    signInAtDevice: (userCode, options) => openBrowser().signInAtDevice(userCode, options),
    approveDevices(username) {
      const account = findAccount(authority.tenants, username);
      if (account === undefined) throw new RangeError(`No tenant has a user ${username}.`);
      const authentication = authenticate(authority, account, account.user.secondFactor !== undefined);
      for (const device of authority.userSessions.devices.values()) device.answer ??= authentication;
    },
    policies: authority.userSessions.conditionalAccess.policies,
  };
}
