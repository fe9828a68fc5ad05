/** What the tests of several packages have in common. */
export { type AzureCli, azureCliApplication, hasAzureCli, openAzureCli } from "./azure-cli.ts";
export { type EchoCase, type EchoTests, secretsToEcho, testEchoes } from "./canary-echoes.ts";
export { createDeveloper, developersToken } from "./developer.ts";
export { errorOf, refusal, sourceContext, thrownBy, tokenAnswer } from "./entra-answers.ts";
export { everythingShown } from "./everything-shown.ts";
export { freePort } from "./free-port.ts";
export { fuzzRuns, fuzzTimeoutMs, omitStackFrames } from "./fuzz.ts";
export { claimsOf, createIdentities, type SignInSettings, scope } from "./identities.ts";
export { bus, inShell, lock, unlock, unlockAgain } from "./keyring-session.ts";
export { modulesLoadedBy } from "./loaded-modules.ts";
export { type Registry, serveRegistry, startRegistry } from "./registry.ts";
