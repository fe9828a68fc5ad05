/** What the tests of several packages have in common. */
export { errorOf, refusal, sourceContext, tokenAnswer } from "./entra-answers.ts";
export { everythingShown } from "./everything-shown.ts";
export { claimsOf, createIdentities, type SignInSettings, scope } from "./identities.ts";
export { bus, inShell, lock, unlock, unlockAgain } from "./keyring-session.ts";
