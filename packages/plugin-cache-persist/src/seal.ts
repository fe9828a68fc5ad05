/** For authors of token stores: encrypts what a store keeps, so that it sees no secret. */
import type { SourceContext } from "@azidentity/core/plugin";
import type { KeyOptions } from "./key-options.ts";
import { createSealer, type Sealer } from "./seal/sealer.ts";
import { requireKeys } from "./store-options.ts";

export { type KeyOptions, keyOptions } from "./key-options.ts";
export type { Entry, Sealer, Unreadable } from "./seal/sealer.ts";

/** The keys of a store, and what its entries belong to. */
export interface SealerOptions extends KeyOptions {
  /**
   * Name of the cache: an entry that was sealed for one cache does not open in another. Begin it
   * with the name of the store, such as `contoso my-application`.
   */
  readonly cache: string;
}

/**
 * A sealer for a token store of your own: AES-256-GCM, with the key of the options, else of
 * `AZIDENTITY_CACHE_KEY`. Entries that earlier keys have sealed open, too.
 *
 * @throws {IdentityError} `no-store-key`, `invalid-store-key`, or what the
 * function of the option threw
 */
export async function openSealer(
  { cache, ...options }: SealerOptions,
  { env }: Pick<SourceContext, "env">,
): Promise<Sealer> {
  return createSealer(await requireKeys(options, env), cache);
}
