import type { JsonObject } from "../../http/message.ts";
import type { Tenant } from "../directory.ts";
import type { Authentication } from "./authentication.ts";

/** Somebody at a device with a code, until a user has answered. */
export interface Device {
  readonly clientId: string;
  /** `undefined`: that of the user. */
  readonly tenant: Tenant | undefined;
  readonly scope: string;
  readonly claims: JsonObject;
  /** What the user types. */
  readonly userCode: string;
  /** Seconds since 1970. */
  readonly expires: number;
  answer: Authentication | "declined" | undefined;
  /** Seconds that have to pass between two questions, and when the last one came. */
  interval: number;
  askedAt: number | undefined;
}
