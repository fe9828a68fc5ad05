import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../http/message.ts";
import { demandedContexts, demandedPolicies } from "../claims.ts";
import { normalise } from "../resources.ts";
import { StsError } from "../sts-error.ts";

/** A rule of conditional access. It holds for every tenant, and for sign-ins of the past, too: what they have left is checked whenever it is used. */
export interface Policy {
  /** What the rule does with whoever it is about: lets them pass with a second factor, or not at all. */
  readonly demands: "second-factor" | "block";
  /** URI of the resource that it protects. Default: all. */
  readonly resource?: string;
  /** Client id of the application that it is about. Default: all. */
  readonly clientId?: string;
  /** Account name of the user that it is about. Default: all. */
  readonly username?: string;
}

/** The rules in force, which can be changed at any time. */
export interface Policies {
  add(...policies: readonly Policy[]): void;
  clear(): void;
}

/** Who wants what, and how they have signed in. */
export interface Access {
  readonly username: string;
  /** Whether they have given a second factor, and whether they could. */
  readonly secondFactor: boolean;
  readonly hasSecondFactor: boolean;
  readonly clientId: string;
  readonly resources: readonly string[];
  readonly claims: JsonObject;
}

export interface ConditionalAccess {
  readonly policies: Policies;
  /** Refuses what is blocked, and what needs a second factor that was not given: by a rule, or by an authentication context (`acrs`) in the claims. */
  check(access: Access): void;
}

export function createConditionalAccess(): ConditionalAccess {
  let rules: readonly (Policy & { readonly id: string })[] = [];
  return {
    policies: {
      add(...added) {
        for (const { demands } of added) {
          if (demands !== "second-factor" && demands !== "block") {
            throw new TypeError('A policy\'s `demands` is "second-factor" or "block".');
          }
        }
        rules = [...rules, ...added.map((policy) => ({ ...policy, id: randomUUID() }))];
      },
      clear() {
        rules = [];
      },
    },
    check(access) {
      const named = demandedPolicies(access.claims);
      const met = rules.filter((rule) => isAbout(rule, access) || named.includes(rule.id));
      if (met.some(({ demands }) => demands === "block")) throw new StsError(53003);
      const contexts = demandedContexts(access.claims);
      if (access.secondFactor || (met.length === 0 && contexts.length === 0)) return;
      const demanded =
        contexts.length > 0
          ? { acrs: { essential: true, values: contexts } }
          : { capolids: { essential: true, values: met.map(({ id }) => id) } };
      const claims = JSON.stringify({ access_token: demanded });
      throw new StsError(access.hasSecondFactor ? 50076 : 50079, {}, { claims });
    },
  };
}

function isAbout({ resource, clientId, username }: Policy, access: Access): boolean {
  const isSame = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
  return (
    (resource === undefined || access.resources.some((uri) => normalise(uri) === normalise(resource))) &&
    (clientId === undefined || isSame(clientId, access.clientId)) &&
    (username === undefined || isSame(username, access.username))
  );
}
