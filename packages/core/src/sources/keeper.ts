import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { Credential } from "../contract/source.ts";

/** The credential of a placed source. */
export interface Keeper {
  /** The credential for these options: the same one while they stay equal. One whose making outlasts `signal` is given up. */
  credential(options: unknown, signal?: AbortSignal): Promise<Credential>;
  close(): Promise<void>;
}

/** Bytes stand for themselves by their hash: as JSON, ten megabytes would take seconds for each acquisition. */
const hashOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  process
    .getBuiltinModule("node:crypto")
    .createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("base64");

/** The options as a text that is the same while they are. A buffer is looked at before its toJSON, which is why `value` is not enough. */
export const textOf = (options: unknown): string =>
  JSON.stringify(options, function (this: Record<string, unknown>, key, value: unknown) {
    const raw = this[key];
    if (ArrayBuffer.isView(raw)) return hashOf(raw);
    return typeof value === "function" ? String(value) : value;
  }) ?? "";

async function dispose(credential: Promise<Credential>): Promise<void> {
  const made = await credential.catch(() => undefined);
  await made?.[Symbol.asyncDispose]?.();
}

/** Makes the credential of a source on first use, and anew when its options have changed (a rotated secret). */
export function createKeeper(source: AnySource, context: SourceContext): Keeper {
  let current: { readonly text: string; readonly credential: Promise<Credential> } | undefined;
  return {
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
