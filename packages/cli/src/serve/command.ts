import { once } from "node:events";
import type { Walk } from "@azidentity/core";
import type { RunCommand } from "../command-line/description.ts";
import { describeError } from "../errors/describe-error.ts";
import { renderError } from "../errors/render-error.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { runProgram } from "../programs/run-program.ts";
import { identitySettingsOf, openIdentity } from "../project/open-identity.ts";
import { createLiveArea } from "../terminal/live-area.ts";
import { plainJson } from "../terminal/plain-text.ts";
import { say } from "../terminal/say.ts";
import { write } from "../terminal/write.ts";
import { type Answers, createAnswers, createDisplay, refusalDisplay } from "./display.ts";
import type { IntroductionFacts } from "./introduction.ts";
import { describeIdentity, type RelayIdentity } from "./relay-identity.ts";
import { anyScope } from "./scope-list.ts";
import { readServeSettings, type ServeSettings } from "./settings.ts";
import { showIntroduction, showSummary } from "./show-introduction.ts";
import { type SilentCredential, silentCredential } from "./silent-credential.ts";
import { bridgeAddress, type StartedRelay, startRelay } from "./start.ts";
import { variablesOfProgram } from "./variables.ts";
import { createVia } from "./via.ts";

/**
 * `azid serve`: gives tokens to programs and containers until Ctrl-C, or until the program after
 * `--` has ended.
 */
export const run: RunCommand = async (input, host) => {
  const settings = readServeSettings(input, host);
  const chosen = identitySettingsOf(input);
  const via = createVia(host.environment);
  const environment = { ...host.environment, ...via.variables };
  const { identity, close } = await openIdentity({ ...host, environment }, chosen);
  try {
    const source = inTenant(await silentCredential(identity, chosen), settings.tenantId);
    const answers = createAnswers();
    const onDefect = (error: unknown) => void reportError(error, host);
    const relay = await startRelay(settings, { credential: source.credential, via }, host, {
      onAnswer: answers.add,
      onDefect,
    });
    try {
      const whose = await findIdentity(source, settings, host);
      if (host.signal.aborted) return undefined;
      const serving = { settings, relay, answers, facts: introductionOf(relay, whose, settings, host) };
      return await (input.rest.length === 0 ? serve(serving, host) : serveProgram(input.rest, serving, host));
    } finally {
      await relay.close();
    }
  } finally {
    await close();
  }
};

/** A relay, and what is shown of it. */
interface Serving {
  readonly settings: ServeSettings;
  readonly relay: StartedRelay;
  readonly answers: Answers;
  readonly facts: IntroductionFacts;
}

/** Until Ctrl-C. */
async function serve({ settings, relay, answers, facts }: Serving, host: Host): Promise<undefined> {
  if (settings.isJson) await write(host.output, `${plainJson(startedDocument(relay, facts))}\n`);
  else await showIntroduction(facts, host);
  const display = createDisplay(settings.isJson, host);
  answers.showOn(display);
  if (!host.signal.aborted) await once(host.signal, "abort");
  display.end();
}

/** Until the program has ended; it gets the variables of the first client, and standard output. */
async function serveProgram(
  words: readonly string[],
  { relay, answers, facts }: Serving,
  host: Host,
): Promise<ExitCode> {
  await showSummary(facts, host);
  answers.showOn(refusalDisplay(host.errorOutput));
  return runProgram(words, variablesOfProgram(relay.clients[0]?.variables ?? []), host);
}

/** The same credential, for a tenant where no other one is named. */
function inTenant(source: SilentCredential, tenantId: string | undefined): SilentCredential {
  if (tenantId === undefined) return source;
  const { credential } = source;
  const getToken: typeof credential.getToken = (scopes, options) =>
    credential.getToken(scopes, { ...options, tenantId: options?.tenantId ?? tenantId });
  return { ...source, credential: { explain: credential.explain, getToken } };
}

/**
 * Whose tokens the relay gives: acquires the first one, and prompts for it if the chosen source
 * does. A source that is signed out is no reason to end: the user signs in, and the relay goes on.
 */
async function findIdentity(
  { credential, signIn }: SilentCredential,
  { scopes: [scope = anyScope] }: ServeSettings,
  host: Host,
): Promise<RelayIdentity | undefined> {
  if (scope === anyScope) return undefined;
  const options = { abortSignal: host.signal };
  const progress = createLiveArea(host.errorOutput, host); // a tool may take seconds
  progress.update([`Acquiring a token for ${scope} ...`]);
  try {
    const token = await credential.getToken(scope, options).catch(async (error: unknown) => {
      const isSignInNeeded = (error as { outcome?: string }).outcome === "interaction-required";
      if (signIn === undefined || !isSignInNeeded) throw error;
      progress.done([]); // the prompt has the terminal
      await signIn(scope, options);
      return credential.getToken(scope, options);
    });
    progress.done([]);
    return describeIdentity(token, credential.explain.last?.winner);
  } catch (error) {
    progress.done([]);
    if (!host.signal.aborted) await warnOf(error, credential.explain.last, host);
    return undefined;
  }
}

async function reportError(error: unknown, host: Host): Promise<void> {
  await write(host.errorOutput, renderError(describeError(error), host));
}

/** Says why there is no token yet, what to type, and what clients get until then. */
async function warnOf(error: unknown, walk: Walk | undefined, host: Host): Promise<void> {
  const report = describeError(error);
  const prompts = walk?.attempts.find(({ kind, outcome }) => kind === "interactive" && outcome !== "token")?.source;
  // a chain never prompts here, so `authenticate()` is no remedy
  const remedy = prompts === undefined ? {} : { remedy: `To sign in when it starts: azid serve --source ${prompts}` };
  await write(host.errorOutput, renderError({ ...report, ...remedy }, host, "warning"));
  await say(
    host,
    "azid serve goes on. Clients get this error until it is resolved, then tokens; it need not be started again.\n",
  );
}

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

/** The first line of `--json`. */
function startedDocument({ port, origins }: StartedRelay, facts: IntroductionFacts): object {
  const { socketPath, identity, scopes, files: clients } = facts;
  return { event: "started", port, ...origins, socketPath, identity, scopes, clients };
}
