import type { JsonObject } from "../../http/message.ts";
import type { Tenant } from "../directory.ts";
import type { Authentication } from "./authentication.ts";

/** A pending device code. */
export interface Device {
  readonly clientId: string;
  /** `undefined`: the home tenant of the user. */
  readonly tenant: Tenant | undefined;
  readonly scope: string;
  readonly claims: JsonObject;
  /** The code that the user types. */
  readonly userCode: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly expires: number;
  answer: Authentication | "declined" | undefined;
  /** The minimum time between two polls. */
  intervalSeconds: number;
  /** Time of the last poll, in seconds since 1970-01-01 UTC. */
  lastPolledAt: number | undefined;
}
