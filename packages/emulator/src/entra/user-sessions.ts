import { randomBytes } from "node:crypto";
import type { User } from "./users.ts";

/** A refresh token: whose it is, for which client, and of which session. */
export interface Refresh {
  readonly user: User;
  readonly clientId: string;
  readonly tenantId: string;
  readonly session: number;
}

/** Somebody at a device with a code, until a user approves it. */
export interface Device {
  readonly clientId: string;
  readonly tenantId: string;
  readonly scope: string;
  /** Seconds since 1970. */
  readonly expires: number;
  user: User | undefined;
}

/** What the flows of users leave behind until it is used. */
export interface UserSessions {
  readonly refreshTokens: Map<string, Refresh>;
  readonly devices: Map<string, Device>;
}

export function createUserSessions(): UserSessions {
  return { refreshTokens: new Map(), devices: new Map() };
}

/** Nobody can guess it. */
export function secretCode(): string {
  return randomBytes(24).toString("base64url");
}
