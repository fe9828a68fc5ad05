import type { ExplainedCredential, Identity, SourceCredential } from "@azidentity/core";
import { type Inspection, inspectIdentity } from "@azidentity/core/inspect";
import { CommandError } from "../errors/command-error.ts";
import { sourcesOfChain } from "../project/chain-sources.ts";

/** What the relay gets its tokens from: it never prompts. */
export interface SilentCredential {
  readonly credential: Pick<ExplainedCredential, "getToken" | "explain">;
  /** Prompts the user to sign in; for a source that does. Called by the user's command alone. */
  readonly signIn: SourceCredential["authenticate"] | undefined;
}

/** The option with which a source throws instead of prompting. */
const option = "disableAutomaticAuthentication";

interface Chosen {
  readonly source?: string | undefined;
  readonly chain?: string | undefined;
}

/**
 * The source, the chain or the default chain, with sources that never prompt: a client would
 * otherwise open windows on the user's screen, for a sign-in that the user has not asked for.
 *
 * @throws {CommandError} `source-prompts`: a source whose prompts cannot be turned off
 */
export async function silentCredential(identity: Identity, { source, chain }: Chosen): Promise<SilentCredential> {
  const inspection = await inspectIdentity(identity);
  const { silenced, prompting } = interactiveSources(inspection);
  const used = source === undefined ? sourcesOfChain(inspection, chain) : [source];
  const refused = used.find((name) => prompting.includes(name));
  if (refused !== undefined) {
    throw new CommandError(
      "source-prompts",
      `The source ${refused} may prompt, which no client of the relay may cause.`,
      {
        remedy: `Choose another --source, or one with the option ${option}.`,
        exit: "configuration",
      },
    );
  }
  const settings = Object.fromEntries(silenced.map((name) => [name, { [option]: true }]));
  const silent = identity.with({ sources: settings });
  if (source === undefined)
    return { credential: chain === undefined ? silent : silent.chain(chain), signIn: undefined };
  const credential = silent.credential(source);
  const prompts = silenced.includes(source);
  return { credential, signIn: prompts ? (scopes, options) => credential.authenticate(scopes, options) : undefined };
}

/** The interactive sources: those that can be kept from prompting, and the others. */
function interactiveSources({ sources, plugins }: Inspection) {
  const names = sources.filter(({ kind }) => kind === "interactive").map(({ name }) => name);
  const declared = plugins.flatMap((plugin) => plugin.sources ?? []);
  const canBeSilent = (name: string) => {
    const schema = declared.find((one) => one.name === name)?.options;
    return Object.hasOwn(Object(schema?.fields ?? schema?.jsonSchema?.properties), option);
  };
  return { silenced: names.filter(canBeSilent), prompting: names.filter((name) => !canBeSilent(name)) };
}
