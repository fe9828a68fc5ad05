import type { Application } from "../application.ts";
import { normalise } from "../resources.ts";
import type { UserScope } from "../scope.ts";
import type { User } from "./user.ts";

/** The consents of users and administrators. */
export interface Consents {
  /** The permissions without consent. */
  missing(user: User, application: Application, scopes: readonly UserScope[]): readonly string[];
  grant(user: User, application: Application, scopes: readonly UserScope[]): void;
}

export function createConsents(): Consents {
  const granted = new Set<string>();
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
      const missing = keys(user, application, scopes).filter(({ key }) => !granted.has(key));
      return missing.map(({ permission }) => permission);
    },
    grant(user, application, scopes) {
      for (const { key } of keys(user, application, scopes)) granted.add(key);
    },
  };
}
