import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { Credential } from "../contract/source.ts";

/** The credential of a placed source. */
export interface Keeper {
  /** The credential for these options if it is there already, without waiting. */
  made(options: unknown): Credential | undefined;
  /**
   * The credential for these options: the same one for the same object, which is what
   * `OptionsReader` returns while they stay equal. One whose making outlasts `signal` is given up.
   */
  credential(options: unknown, signal?: AbortSignal): Promise<Credential>;
  close(): Promise<void>;
}

async function dispose(credential: Promise<Credential>): Promise<void> {
  const made = await credential.catch(() => undefined);
  await made?.[Symbol.asyncDispose]?.();
}

/** Makes the credential of a source on first use, and anew when its options have changed (a rotated secret). */
export function createKeeper(source: AnySource, context: SourceContext): Keeper {
  let current: { readonly options: unknown; readonly credential: Promise<Credential>; made?: Credential } | undefined;
  return {
    made: (given) => (current?.options === given ? current?.made : undefined),
    credential(given, signal) {
      if (current !== undefined && current.options === given) return current.credential;
      const replaced = current;
      const credential = (async () => source.create(given, context))();
      const mine: NonNullable<typeof current> = { options: given, credential };
      current = mine;
      const giveUp = () => {
        if (current === mine) current = undefined; // a source that failed to start is started again next time
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      credential.then((made) => {
        mine.made = made;
        signal?.removeEventListener("abort", giveUp);
      }, giveUp);
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
