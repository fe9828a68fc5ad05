import { randomUUID } from "node:crypto";
import type { JsonObject } from "../http/message.ts";
import type { Authentication } from "./authentication.ts";
import { demandedContexts } from "./claims.ts";
import { normalise } from "./resources.ts";
import { StsError } from "./sts-error.ts";

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

/** What somebody who has signed in wants to have. */
export interface Access {
  readonly authentication: Authentication;
  readonly clientId: string;
  readonly resources: readonly string[];
  readonly claims: JsonObject;
}

export interface ConditionalAccess {
  readonly policies: Policies;
  /** Refuses what needs a second factor that was not given, and what is blocked. */
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
      const { user } = access.authentication.account;
      const met = rules.filter((rule) => isAbout(rule, access));
      if (met.some(({ demands }) => demands === "block")) throw new StsError(53003);
      if (access.authentication.secondFactor) return;
      const contexts = demandedContexts(access.claims);
      const demanded =
        contexts.length > 0
          ? { acrs: { essential: true, values: contexts } }
          : { capolids: { essential: true, values: met.map(({ id }) => id) } };
      if (contexts.length === 0 && met.length === 0) return;
      const claims = JSON.stringify({ access_token: demanded });
      throw new StsError(user.secondFactor === undefined ? 50079 : 50076, {}, { claims });
    },
  };
}

function isAbout({ resource, clientId, username }: Policy, { authentication, ...access }: Access): boolean {
  const isSame = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
  return (
    (resource === undefined || access.resources.some((uri) => normalise(uri) === normalise(resource))) &&
    (clientId === undefined || isSame(clientId, access.clientId)) &&
    (username === undefined || isSame(username, authentication.account.user.username))
  );
}
