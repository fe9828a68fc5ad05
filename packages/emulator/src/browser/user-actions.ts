import type { Authority } from "../entra/authority.ts";
import { findAccount } from "../entra/users/accounts.ts";
import { authenticate } from "../entra/users/authentication.ts";
import type { Policies } from "../entra/users/policies.ts";
import { type Browser, createBrowser } from "./browser.ts";

/** What people do, and what is done to them. */
export interface UserActions extends Pick<Browser, "signIn" | "signInAtDevice"> {
  /** A browser that keeps its cookies: who has signed in in it once need not do so again. `signIn` and `signInAtDevice` each take a new one. */
  openBrowser(): Browser;
  /** Signs a user in at every device that waits with a code, without a page and with all that the user can prove. */
  approveDevices(username: string): void;
  /** The rules of conditional access. */
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
