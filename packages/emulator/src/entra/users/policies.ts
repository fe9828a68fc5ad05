import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../http/message.ts";
import { requestedAuthContexts, requestedPolicyIds } from "../claims.ts";
import { normalise } from "../resources.ts";
import { StsError } from "../sts-error.ts";

/**
 * A conditional access policy. It applies to every tenant, and to earlier sign-ins when their codes
 * and refresh tokens are used.
 */
export interface Policy {
  /**
   * `"mfa"` requires a second factor, `"block"` denies access. Source of the names:
   * `builtInControls` of Microsoft Graph's `conditionalAccessGrantControls`.
   */
  readonly grantControl: "mfa" | "block";
  /** URI of the resource that it applies to. Default: all. */
  readonly resource?: string;
  /** Client id of the application that it applies to. Default: all. */
  readonly clientId?: string;
  /** Account name of the user that it applies to. Default: all. */
  readonly username?: string;
}

/** The policies in force. A change applies from the next request on. */
export interface Policies {
  /** @throws {TypeError} A `grantControl` is not supported. */
  add(...policies: readonly Policy[]): void;
  /** Removes all policies. */
  clear(): void;
}

/** An access that policies evaluate. */
export interface Access {
  readonly username: string;
  /** Whether the sign-in included a second factor. */
  readonly secondFactor: boolean;
  /** Whether the user has a second factor. */
  readonly hasSecondFactor: boolean;
  readonly clientId: string;
  readonly resources: readonly string[];
  readonly claims: JsonObject;
}

export interface ConditionalAccess {
  readonly policies: Policies;
  /**
   * Throws an `StsError` if a policy blocks the access, or if a policy or an authentication context
   * (`acrs`) in the claims requires a second factor that the sign-in did not include.
   */
  check(access: Access): void;
}

export function createConditionalAccess(): ConditionalAccess {
  let rules: readonly (Policy & { readonly id: string })[] = [];
  return {
    policies: {
      add(...added) {
        for (const { grantControl } of added) {
          if (grantControl !== "mfa" && grantControl !== "block") {
            throw new TypeError('A policy\'s `grantControl` is "mfa" or "block".');
          }
        }
        rules = [...rules, ...added.map((policy) => ({ ...policy, id: randomUUID() }))];
      },
      clear() {
        rules = [];
      },
    },
    check(access) {
      const namedIds = requestedPolicyIds(access.claims);
      const matching = rules.filter((rule) => appliesTo(rule, access) || namedIds.includes(rule.id));
      if (matching.some(({ grantControl }) => grantControl === "block")) throw new StsError(53003);
      const contexts = requestedAuthContexts(access.claims);
      if (access.secondFactor || (matching.length === 0 && contexts.length === 0)) return;
      const requested =
        contexts.length > 0
          ? { acrs: { essential: true, values: contexts } }
          : { capolids: { essential: true, values: matching.map(({ id }) => id) } };
      const claims = JSON.stringify({ access_token: requested });
      throw new StsError(access.hasSecondFactor ? 50076 : 50079, {}, { claims });
    },
  };
}

function appliesTo({ resource, clientId, username }: Policy, access: Access): boolean {
  const isSame = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
  return (
    (resource === undefined || access.resources.some((uri) => normalise(uri) === normalise(resource))) &&
    (clientId === undefined || isSame(clientId, access.clientId)) &&
    (username === undefined || isSame(username, access.username))
  );
}
