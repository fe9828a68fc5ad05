import { once } from "node:events";
import type { RunCommand } from "../command-line/description.ts";
import { usageError } from "../errors/command-error.ts";
import { describeError } from "../errors/describe-error.ts";
import { renderError } from "../errors/render-error.ts";
import type { Host } from "../host.ts";
import { runProgram } from "../programs/run-program.ts";
import { identitySettingsOf, openIdentity } from "../project/open-identity.ts";
import { write } from "../terminal/write.ts";
import type { IntroductionFacts } from "./introduction.ts";
import type { RelayEvent } from "./relay-event.ts";
import { describeIdentity, type RelayIdentity } from "./relay-identity.ts";
import { anyScope } from "./scope-list.ts";
import { readServeSettings, type ServeSettings } from "./settings.ts";
import { createDisplay, type Display, refusalDisplay, showIntroduction, showSummary } from "./show.ts";
import { type SilentCredential, silentCredential } from "./silent-credential.ts";
import { bridgeAddress, type StartedRelay, startRelay } from "./start.ts";

/** Answers that are shown of those before the introduction: the user may still have to sign in then. */
const maxEarly = 100;

/** `azid serve`: gives tokens to programs and containers until Ctrl-C, or until the program after `--` has ended. */
export const run: RunCommand = async (input, host) => {
  const settings = readServeSettings(input, host);
  if (settings.isJson && input.rest.length > 0)
    throw usageError("--json is for a relay without a program after --.", "Leave out one of them.");
  const chosen = identitySettingsOf(input);
  const { identity, close } = await openIdentity(host, chosen);
  try {
    const source = inTenant(await silentCredential(identity, chosen), settings.tenantId);
    let display: Display | undefined;
    const early: RelayEvent[] = [];
    const relay = await startRelay(settings, source.credential, host, {
      onAnswer: (event) => {
        if (display !== undefined) display.show(event);
        else if (early.length < maxEarly) early.push(event);
      },
      onDefect: (error) => void reportError(error, host),
    });
    try {
      const identity = await findIdentity(source, settings, host);
      if (host.signal.aborted) return undefined;
      const facts = introductionOf(relay, identity, settings, host);
      if (input.rest.length === 0) await introduce(facts, relay, settings, host);
      else await showSummary(facts, host);
      display = input.rest.length === 0 ? createDisplay(settings.isJson, host) : refusalDisplay(host.errorOutput);
      for (const event of early) display.show(event);
      if (input.rest.length > 0) return await runProgram(input.rest, variablesOfFirst(relay), host);
      if (!host.signal.aborted) await once(host.signal, "abort");
      display.end();
    } finally {
      await relay.close();
    }
  } finally {
    await close();
  }
  return undefined;
};

/** The same credential, for a tenant where no other one is named. */
function inTenant(source: SilentCredential, tenantId: string | undefined): SilentCredential {
  if (tenantId === undefined) return source;
  const { credential } = source;
  const getToken: typeof credential.getToken = (scopes, options) =>
    credential.getToken(scopes, { ...options, tenantId: options?.tenantId ?? tenantId });
  return { ...source, credential: { explain: credential.explain, getToken } };
}

/**
 * Whose tokens the relay gives: acquires the first one, and prompts for it if the chosen source does. A
 * source that is signed out is no reason to end: the user signs in, and the relay goes on.
 */
async function findIdentity(
  { credential, signIn }: SilentCredential,
  { scopes: [scope = anyScope] }: ServeSettings,
  host: Host,
): Promise<RelayIdentity | undefined> {
  if (scope === anyScope) return undefined;
  const options = { abortSignal: host.signal };
  try {
    const token = await credential.getToken(scope, options).catch(async (error: unknown) => {
      const isSignInNeeded = (error as { outcome?: string }).outcome === "interaction-required";
      if (signIn === undefined || !isSignInNeeded) throw error;
      await signIn(scope, options);
      return credential.getToken(scope, options);
    });
    return describeIdentity(token, credential.explain.last?.winner);
  } catch (error) {
    if (!host.signal.aborted) await reportError(error, host);
    return undefined;
  }
}

async function reportError(error: unknown, host: Host): Promise<void> {
  await write(host.errorOutput, renderError(describeError(error), host));
}

/** For a program that runs beside the relay: those of the first client. */
const variablesOfFirst = ({ clients: [first] }: StartedRelay) => Object.fromEntries(first?.variables ?? []);

function introductionOf(
  { origins, clients }: StartedRelay,
  identity: RelayIdentity | undefined,
  { scopes, socketPath, addresses }: ServeSettings,
  { platform }: Host,
): IntroductionFacts {
  const isByName = addresses.length === 0;
  const bridge = isByName && platform === "linux" ? bridgeAddress() : undefined;
  const files = clients.map(({ client, here, container }) => ({ client, here, container })); // without keys
  return { origin: origins.here, socketPath, identity, scopes, files, isByName, bridge, platform };
}

async function introduce(
  facts: IntroductionFacts,
  { port, origins }: StartedRelay,
  { isJson }: ServeSettings,
  host: Host,
): Promise<void> {
  if (!isJson) return showIntroduction(facts, host);
  const { socketPath, identity, scopes, files: clients } = facts;
  const started = { event: "started", port, ...origins, socketPath, identity, scopes, clients };
  await write(host.output, `${JSON.stringify(started)}\n`);
}
