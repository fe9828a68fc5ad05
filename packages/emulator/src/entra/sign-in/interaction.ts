import type { JsonObject } from "../../http/message.ts";
import type { Application } from "../application.ts";
import type { Tenant } from "../directory.ts";
import type { UserScope } from "../scope.ts";
import { type Authentication, type Device, secretCode } from "../users/authentication.ts";
import type { CodeChallenge } from "./code-challenge.ts";

/** An authorization request, of a browser or a device. */
export interface SignInRequest {
  /** `undefined` under a shared name: then it is the home tenant of the user. */
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

/** The redirect URI, and the parameters of the request that shape the response. */
export interface Redirect {
  readonly uri: string;
  readonly mode: (typeof responseModes)[number];
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly returnsClientInfo: boolean;
}

export function isDevice(destination: Redirect | Device): destination is Device {
  return "userCode" in destination;
}

/** A sign-in in progress: the request, and the completed steps. */
export interface Interaction {
  readonly id: string;
  readonly request: SignInRequest;
  /** Account name of the user, once it is known. */
  readonly username: string | undefined;
  /** The authentication in this sign-in. */
  readonly authentication: Authentication | undefined;
  /**
   * Whether the user has chosen to use an account that neither the client nor the browser has
   * suggested.
   */
  readonly usesAnotherAccount: boolean;
  readonly hasConfirmed: boolean;
  readonly hasConsented: boolean;
}

export function startInteraction(request: SignInRequest, usesAnotherAccount = false): Interaction {
  return {
    id: secretCode(),
    request,
    username: undefined,
    authentication: undefined,
    usesAnotherAccount,
    hasConfirmed: false,
    hasConsented: false,
  };
}
