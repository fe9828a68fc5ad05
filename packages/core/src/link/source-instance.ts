import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { Credential } from "../contract/source.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { faultySource } from "./check-token.ts";

/** The credential of a source with its options. */
export interface SourceInstance {
  /** The credential for these options, if it exists already. */
  existing(options: unknown): Credential | undefined;
  /**
   * The credential for these options: the same one for the same object, which is what
   * `OptionsReader` returns while they stay equal. If its creation outlasts `signal`, it is
   * dropped.
   */
  credential(options: unknown, signal?: AbortSignal): Promise<Credential>;
  close(): Promise<void>;
}

/** Throws when what a source created cannot be asked for tokens. */
function checkCredential({ name }: AnySource, created: Credential): Credential {
  if (typeof created?.getToken === "function") return created;
  const problem = `${name} brought no credential: its create() returned nothing that has getToken().`;
  throw outcomeError("failed", problem, { remedy: faultySource });
}

async function dispose(credential: Promise<Credential>): Promise<void> {
  const created = await credential.catch(() => undefined);
  await created?.[Symbol.asyncDispose]?.();
}

/**
 * Creates the credential of a source on first use, and again when its options have changed, such as
 * a rotated secret.
 */
export function createSourceInstance(source: AnySource, context: SourceContext): SourceInstance {
  let current:
    | { readonly options: unknown; readonly credential: Promise<Credential>; created?: Credential }
    | undefined;
  return {
    existing: (options) => (current?.options === options ? current?.created : undefined),
    credential(options, signal) {
      if (current !== undefined && current.options === options) return current.credential;
      const replaced = current;
      const credential = (async () => checkCredential(source, await source.create(options, context)))();
      const creating: NonNullable<typeof current> = { options, credential };
      current = creating;
      const drop = () => {
        if (current === creating) current = undefined; // the next call creates it again
      };
      signal?.addEventListener("abort", drop, { once: true });
      credential.then((created) => {
        creating.created = created;
        signal?.removeEventListener("abort", drop);
      }, drop);
      if (replaced !== undefined) dispose(replaced.credential).catch(() => undefined);
      return credential;
    },
    async close() {
      const last = current;
      current = undefined;
      if (last !== undefined) await dispose(last.credential);
    },
  };
}
