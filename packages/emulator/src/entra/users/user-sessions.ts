import type { JsonObject } from "../../http/message.ts";
import type { Tenant } from "../directory.ts";
import { type BrowserSessions, createBrowserSessions } from "../sign-in/browser-sessions.ts";
import type { CodeChallenge } from "../sign-in/code-challenge.ts";
import type { Authentication, Device } from "./authentication.ts";
import { type Consents, createConsents } from "./consents.ts";
import { type ConditionalAccess, createConditionalAccess } from "./policies.ts";

/** An authorization code and what it was issued for. */
export interface AuthorizationCode {
  readonly authentication: Authentication;
  readonly clientId: string;
  readonly tenant: Tenant;
  readonly scope: string;
  readonly claims: JsonObject;
  /** Exactly as in the authorization request. */
  readonly redirectUri: string;
  readonly challenge: CodeChallenge | undefined;
  readonly nonce: string | undefined;
  /** Seconds since 1970-01-01 UTC. */
  readonly expires: number;
  isRedeemed: boolean;
}

/** A refresh token and what it was issued for. */
export interface Refresh {
  readonly authentication: Authentication;
  readonly clientId: string;
  /** Whether the other applications of the family may use it. */
  readonly isShared: boolean;
  /** Seconds since 1970-01-01 UTC. */
  readonly expires: number;
}

/** The state of the flows of users. */
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
