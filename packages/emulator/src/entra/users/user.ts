import { randomUUID } from "node:crypto";

/** A member of a tenant. */
export interface MemberOptions {
  /** Account name, such as `"ann@contoso.example"`. */
  readonly username: string;
  /** The password. */
  readonly password: string;
  /** The `name` of the tokens. Default: the account name. */
  readonly displayName?: string;
  /** Object id. Default: a random GUID. */
  readonly objectId?: string;
  /** The code that the user types as second factor. Default: the user has no second factor. */
  readonly secondFactor?: string;
}

/**
 * A member of another tenant of the emulator, who signs in there and has another object id here.
 */
export interface GuestOptions {
  /** Account name of the member of the other tenant. */
  readonly username: string;
  /** Marks a guest. */
  readonly guest: true;
  /** Object id in this tenant. Default: a random GUID. */
  readonly objectId?: string;
}

/** A member or a guest of a tenant. */
export type UserOptions = MemberOptions | GuestOptions;

export interface User {
  readonly username: string;
  readonly objectId: string;
  readonly displayName: string;
  /** `undefined` for a guest. */
  readonly password: string | undefined;
  readonly secondFactor: string | undefined;
}

export function createUser(options: UserOptions): User {
  const { username, objectId = randomUUID() } = options;
  const { displayName, password, secondFactor }: Partial<MemberOptions> = "guest" in options ? {} : options;
  return { username, objectId, displayName: displayName ?? username, password, secondFactor };
}
