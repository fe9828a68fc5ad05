import type { Application } from "../application.ts";
import { normalise } from "../resources.ts";
import type { UserScope } from "../scope.ts";
import type { User } from "./user.ts";

/** What users have allowed applications to do, and administrators for them. */
export interface Consents {
  /** The permissions that still have to be asked for. */
  missing(user: User, application: Application, scopes: readonly UserScope[]): readonly string[];
  give(user: User, application: Application, scopes: readonly UserScope[]): void;
}

export function createConsents(): Consents {
  const given = new Set<string>();
  const keys = (user: User, { clientId }: Application, scopes: readonly UserScope[]) =>
    scopes.flatMap(({ uri, permissions }) =>
      permissions.map((name) => ({
        key: JSON.stringify([user.objectId, clientId, normalise(uri), name.toLowerCase()]),
        permission: `${uri}/${name}`,
      })),
    );
  return {
    missing(user, application, scopes) {
      if (application.adminConsent) return [];
      const missing = keys(user, application, scopes).filter(({ key }) => !given.has(key));
      return missing.map(({ permission }) => permission);
    },
    give(user, application, scopes) {
      for (const { key } of keys(user, application, scopes)) given.add(key);
    },
  };
}
