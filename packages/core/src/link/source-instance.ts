import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { Credential } from "../contract/source.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { faultySource } from "./check-token.ts";

/** The credential that a source has created for its options. */
interface Instance {
  readonly options: unknown;
  readonly credential: Promise<Credential>;
  /** Once it is there. */
  created: Credential | undefined;
}

/** A source with what it has created. */
export interface Instantiated {
  readonly source: AnySource;
  readonly context: SourceContext;
  /** `undefined`: nothing yet. */
  instance: Instance | undefined;
}

/** Throws when what a source created cannot be asked for tokens. */
function checkCredential({ name }: AnySource, created: Credential): Credential {
  if (typeof created?.getToken === "function") return created;
  const problem = `${name} has no credential: its create() returned nothing that has getToken().`;
  throw outcomeError("failed", problem, { remedy: faultySource });
}

async function dispose(credential: Promise<Credential>): Promise<void> {
  const created = await credential.catch(() => undefined);
  await created?.[Symbol.asyncDispose]?.();
}

/** The credential for these options, if it exists already. */
export function existingCredential({ instance }: Instantiated, options: unknown): Credential | undefined {
  return instance?.options === options ? instance?.created : undefined;
}

function create(placed: Instantiated, options: unknown, signal: AbortSignal | undefined): Promise<Credential> {
  const { source, context } = placed;
  const credential = (async () => checkCredential(source, await source.create(options, context)))();
  const instance: Instance = { options, credential, created: undefined };
  placed.instance = instance;
  const drop = () => {
    if (placed.instance === instance) placed.instance = undefined; // the next call creates it again
  };
  signal?.addEventListener("abort", drop, { once: true });
  credential.then((created) => {
    instance.created = created;
    signal?.removeEventListener("abort", drop);
  }, drop);
  return credential;
}

/**
 * The credential for these options: the same one for the same object, which is what the reader of
 * options returns while they stay equal. It is created on first use, and again when the options
 * have changed, such as a rotated secret. If its creation outlasts `signal`, it is dropped.
 */
export function credentialFor(placed: Instantiated, options: unknown, signal?: AbortSignal): Promise<Credential> {
  const { instance: last } = placed;
  if (last?.options === options && last !== undefined) return last.credential;
  const credential = create(placed, options, signal);
  if (last !== undefined) dispose(last.credential).catch(() => undefined);
  return credential;
}

/** Disposes the credential. */
export async function closeInstance(placed: Instantiated): Promise<void> {
  const { instance: last } = placed;
  placed.instance = undefined;
  if (last !== undefined) await dispose(last.credential);
}
