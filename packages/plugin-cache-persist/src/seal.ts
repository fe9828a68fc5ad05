/** For authors of token stores: encrypts what a store keeps, so that it sees no secret. */

export { type KeyOptions, keyOptions } from "./key-options.ts";
export { openSealer, type SealerOptions } from "./seal/open-sealer.ts";
export type { Entry, Sealer, Unreadable } from "./seal/sealer.ts";
