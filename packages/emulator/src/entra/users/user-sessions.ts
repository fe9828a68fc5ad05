import type { JsonObject } from "../../http/message.ts";
import type { Tenant } from "../directory.ts";
import { type BrowserSessions, createBrowserSessions } from "../sign-in/browser-sessions.ts";
import type { CodeChallenge } from "../sign-in/code-challenge.ts";
import type { Authentication } from "./authentication.ts";
import { type Consents, createConsents } from "./consents.ts";
import type { Device } from "./devices.ts";
import { type ConditionalAccess, createConditionalAccess } from "./policies.ts";

/** What the sign-in page has sent to a client, which exchanges it for tokens. */
export interface AuthorizationCode {
  readonly authentication: Authentication;
  readonly clientId: string;
  readonly tenant: Tenant;
  readonly scope: string;
  readonly claims: JsonObject;
  /** To the letter as the client has written it. */
  readonly redirectUri: string;
  readonly challenge: CodeChallenge | undefined;
  readonly nonce: string | undefined;
  /** Seconds since 1970. */
  readonly expires: number;
  isRedeemed: boolean;
}

/** A refresh token: whose it is, and for which client. */
export interface Refresh {
  readonly authentication: Authentication;
  readonly clientId: string;
  /** Whether any application that shares refresh tokens may use it. */
  readonly isShared: boolean;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** What the flows of users leave behind until it is used. */
export interface UserSessions {
  readonly codes: Map<string, AuthorizationCode>;
  readonly refreshTokens: Map<string, Refresh>;
  readonly devices: Map<string, Device>;
  readonly browsers: BrowserSessions;
  readonly consents: Consents;
  readonly conditionalAccess: ConditionalAccess;
}

export function createUserSessions(): UserSessions {
  return {
    codes: new Map(),
    refreshTokens: new Map(),
    devices: new Map(),
    browsers: createBrowserSessions(),
    consents: createConsents(),
    conditionalAccess: createConditionalAccess(),
  };
}
