import { randomUUID } from "node:crypto";

export interface UserOptions {
  /** Account name, such as `"ann@contoso.example"`. */
  readonly username: string;
  readonly password: string;
  /** Default: a random GUID. */
  readonly objectId?: string;
}

export type User = Required<UserOptions>;

export function createUser(options: UserOptions): User {
  return { ...options, objectId: options.objectId ?? randomUUID() };
}
