/**
 * Where tokens outlive the process: access tokens, and the partitions in which MSAL keeps users'
 * accounts and refresh tokens. Values may be secret: stores seal them. A store that fails must
 * reject; core turns that into an event, never into a failed sign-in.
 */
export interface TokenStore {
  /**
   * `user`: only programs of one user on one machine can access its entries, such as files in the
   * user's folder. Absent: users or machines may share it, so nothing goes in that only means
   * something on this machine: no tokens of sources with an `accountState`, and no sign-in is taken
   * over from it unless an `authenticationRecord` names it.
   */
  readonly scope?: "user";
  /**
   * The value under the key; `undefined`: none, or it has expired.
   *
   * @throws {Error} any error; core reports it and goes on without the store
   */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * Sets a value. `expiresOnTimestamp`: milliseconds since 1970-01-01 UTC, after which the entry
   * may be dropped.
   *
   * @throws {Error} as `get`
   */
  set(key: string, value: Uint8Array, expiresOnTimestamp?: number): Promise<void>;
  /**
   * Removes the value; does nothing if there is none.
   *
   * @throws {Error} as `get`
   */
  delete(key: string): Promise<void>;
  /**
   * Read, change, write: atomic against other processes. `change` returns `undefined` to delete.
   *
   * @throws {Error} as `get`, or what `change` threw; nothing is written then
   */
  update(key: string, change: (current: Uint8Array | undefined) => Promise<Uint8Array | undefined>): Promise<void>;
  /** For programs that show or clear what is stored. */
  list?(): AsyncIterable<{ readonly key: string; readonly expiresOnTimestamp?: number }>;
  /**
   * At most one process acquires what others are about to need: holds the key for `ms`
   * milliseconds, or until it is disposed. `undefined`: another process holds it.
   *
   * @throws {Error} as `get`
   */
  lease?(key: string, ms: number): Promise<AsyncDisposable | undefined>;
  /**
   * Notifies of deletions by other processes, until the store is closed. A
   * deletion may be missed.
   */
  onDeleted?(listener: (key: string) => void): void;
  [Symbol.asyncDispose]?(): PromiseLike<void>;
}
