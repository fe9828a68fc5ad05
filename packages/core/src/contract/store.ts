/**
 * Where tokens outlive the process: access tokens, and the partitions in which MSAL keeps users' accounts and refresh tokens.
 * Values may be secret: stores seal them. A store that fails must reject; core turns that into an event, never into a failed sign-in.
 */
export interface TokenStore {
  /**
   * `user`: only programs of one user on one machine reach what is in it, such as files in the user's folder. Absent: users or machines
   * may share it, so nothing goes in that only means something on this machine: no tokens of sources with an `accountState`, and no
   * sign-in is taken over from it unless an `authenticationRecord` names it.
   */
  readonly scope?: "user";
  get(key: string): Promise<Uint8Array | undefined>;
  /** `expiresOnTimestamp`: milliseconds since 1970-01-01 UTC, after which the entry may be dropped. */
  set(key: string, value: Uint8Array, expiresOnTimestamp?: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Read, change, write: atomic against other processes. `change` returns `undefined` to delete. */
  update(key: string, change: (current: Uint8Array | undefined) => Promise<Uint8Array | undefined>): Promise<void>;
  /** For programs that show or clear what is stored. */
  list?(): AsyncIterable<{ readonly key: string; readonly expiresOnTimestamp?: number }>;
  /** At most one process acquires what others are about to need. `undefined`: another process holds it. */
  lease?(key: string, ms: number): Promise<AsyncDisposable | undefined>;
  /** Tells of what other processes delete, as soon as it is known, until the store is closed. A deletion may be missed. */
  onDeleted?(listener: (key: string) => void): void;
  [Symbol.asyncDispose]?(): PromiseLike<void>;
}
