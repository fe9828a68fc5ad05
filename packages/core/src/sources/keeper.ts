import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { Credential } from "../contract/source.ts";

/** The options of a placed source, and the credential made of them. */
export interface Keeper {
  /** The options as they are now. */
  options(): unknown;
  /** The options as they were when last looked up; for the hot path. */
  lastOptions(): unknown;
  /** The credential for these options: the same one while they stay equal. One whose making outlasts `signal` is given up. */
  credential(options: unknown, signal?: AbortSignal): Promise<Credential>;
  close(): Promise<void>;
}

const textOf = (options: unknown): string =>
  JSON.stringify(options, (_, value: unknown) => (typeof value === "function" ? String(value) : value)) ?? "";

async function dispose(credential: Promise<Credential>): Promise<void> {
  const made = await credential.catch(() => undefined);
  await made?.[Symbol.asyncDispose]?.();
}

/** Makes the credential of a source on first use, and anew when its options have changed (a rotated secret). */
export function createKeeper(source: AnySource, context: SourceContext, readOptions: () => unknown): Keeper {
  let checked: unknown;
  let current: { readonly text: string; readonly credential: Promise<Credential> } | undefined;
  const options = (): unknown => {
    checked = readOptions();
    return checked;
  };
  return {
    options,
    lastOptions: () => checked ?? options(),
    credential(given, signal) {
      const text = textOf(given);
      if (current?.text === text) return current.credential;
      const replaced = current;
      const credential = (async () => source.create(given, context))();
      const mine = { text, credential };
      current = mine;
      const giveUp = () => {
        if (current === mine) current = undefined; // a source that failed to start is started again next time
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      credential.then(() => signal?.removeEventListener("abort", giveUp), giveUp);
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
