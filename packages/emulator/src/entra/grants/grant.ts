import type { JsonObject } from "../../http/message.ts";
import type { Authority } from "../authority.ts";
import type { Tenant } from "../directory.ts";

export interface GrantRequest {
  readonly tenant: Tenant;
  readonly form: URLSearchParams;
  /** What the client called the authority. */
  readonly origin: string;
}

/** Answers one `grant_type`: the body of the token response, or an `StsError` thrown. */
export type Grant = (authority: Authority, request: GrantRequest) => Promise<JsonObject>;
