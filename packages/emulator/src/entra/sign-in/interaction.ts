import type { JsonObject } from "../../http/message.ts";
import type { Application } from "../application.ts";
import type { Tenant } from "../directory.ts";
import type { UserScope } from "../scope.ts";
import type { Authentication } from "../users/authentication.ts";
import type { Device } from "../users/devices.ts";
import { secretCode } from "../users/secret-code.ts";
import type { CodeChallenge } from "./code-challenge.ts";

/** Who wants somebody to sign in, and to what. */
export interface SignInRequest {
  /** `undefined` under a name that many tenants share: then it is the tenant of whoever signs in. */
  readonly tenant: Tenant | undefined;
  readonly application: Application;
  readonly scope: string;
  readonly scopes: readonly UserScope[];
  readonly prompt: Prompt | undefined;
  readonly loginHint: string | undefined;
  readonly domainHint: string | undefined;
  readonly claims: JsonObject;
  readonly challenge: CodeChallenge | undefined;
  readonly destination: Redirect | Device;
}

export const prompts = ["login", "none", "select_account", "consent", "create"] as const;
export type Prompt = (typeof prompts)[number];

export const responseModes = ["query", "fragment", "form_post"] as const;

/** Where the answer goes. */
export interface Redirect {
  readonly uri: string;
  readonly mode: (typeof responseModes)[number];
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly wantsClientInfo: boolean;
}

export function isDevice(destination: Redirect | Device): destination is Device {
  return "userCode" in destination;
}

/** A sign-in under way: what was wanted, and how far the person in front of the browser has come. */
export interface Interaction {
  readonly id: string;
  readonly request: SignInRequest;
  /** Account name of the person, once it is known. */
  readonly username: string | undefined;
  /** What the person has proved in this sign-in. */
  readonly authentication: Authentication | undefined;
  /** Whether the person has asked to be somebody else than those whom the client or the browser knows. */
  readonly isAnother: boolean;
  readonly hasConfirmed: boolean;
  readonly hasConsented: boolean;
}

export function startInteraction(request: SignInRequest, isAnother = false): Interaction {
  return {
    id: secretCode(),
    request,
    username: undefined,
    authentication: undefined,
    isAnother,
    hasConfirmed: false,
    hasConsented: false,
  };
}
