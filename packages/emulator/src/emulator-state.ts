import { createClock } from "./clock.ts";
import { type EmulatorOptions, readJournalSize, readLifetimes } from "./emulator-options.ts";
import type { Authority } from "./entra/authority.ts";
import { createAssertionReplay } from "./entra/client-authentication/assertion-replay.ts";
import { createTenants, findOwnApplication, type OwnApplication } from "./entra/directory.ts";
import { createSessions } from "./entra/sessions.ts";
import { createSigningKey } from "./entra/signing-key.ts";
import { createUserSessions } from "./entra/users/user-sessions.ts";
import { createFaults, type FaultQueue } from "./faults/faults.ts";
import { createJournal, type JournalWriter } from "./journal/journal.ts";
import { createOidcService, type OidcService } from "./oidc/oidc-service.ts";

/** The state that all servers of one emulator share. */
export interface EmulatorState {
  readonly own: OwnApplication;
  readonly authority: Authority;
  readonly oidc: OidcService;
  readonly journal: JournalWriter;
  readonly faults: FaultQueue;
}

/** Checks the options and creates the state; starts nothing. */
export function createEmulatorState(options: EmulatorOptions): EmulatorState {
  const tenants = createTenants(options.tenants);
  const own = findOwnApplication(tenants);
  const lifetimes = readLifetimes(options);
  const clock = createClock();
  const issuerKey = createSigningKey();
  const oidc = createOidcService({ clock, signingKey: issuerKey });
  const authority: Authority = {
    tenants,
    clock,
    signingKey: createSigningKey(),
    lifetimes,
    sessions: createSessions(clock),
    userSessions: createUserSessions(),
    issuers: new Map(oidc.urls.map((url) => [url, issuerKey])),
    assertionReplay: createAssertionReplay(options.refuseReplayedAssertions ?? false),
    refusesUsedRefreshTokens: options.refuseUsedRefreshTokens ?? false,
    enforcesPollingInterval: options.enforcePollingInterval ?? false,
  };
  return { own, authority, oidc, journal: createJournal(clock, readJournalSize(options)), faults: createFaults() };
}
