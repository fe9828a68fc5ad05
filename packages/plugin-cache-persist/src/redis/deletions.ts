import type { Sealer } from "../seal/sealer.ts";
import type { Command } from "./command.ts";

export interface DeletionsSettings {
  /**
   * Bypasses the circuit: no caller waits for it, and PUBLISH may be forbidden where other commands
   * are not.
   */
  readonly command: Command;
  /** Receives what is published on a channel; returns a function that unsubscribes. */
  readonly subscribe: (channel: string, listener: (message: string) => void) => () => void;
  readonly channel: string;
  /** For messages only, so that no message can be read as an entry. */
  readonly sealer: Sealer;
}

/** Notifies the processes of one cache of deletions. Messages are encrypted and authenticated. */
export interface Deletions {
  publish(key: string): void;
  /** Calls `listener` with each key that another process deletes. */
  subscribe(listener: (key: string) => void): void;
  close(): void;
}

/**
 * A message consists of the slot of a key and a sealed entry with the key; the value of the entry
 * is the sender.
 */
export function createDeletions({ command, subscribe, channel, sealer }: DeletionsSettings): Deletions {
  const self = process.getBuiltinModule("node:crypto").randomUUID();
  const unsubscribers: (() => void)[] = [];

  const read = (message: string): string | undefined => {
    const [slot = "", sealed = ""] = message.split(" ");
    const entry = sealer.open(slot, Buffer.from(sealed, "base64"));
    return typeof entry === "string" || Buffer.from(entry.value).toString() === self ? undefined : entry.key;
  };

  return {
    publish(key) {
      const sealed = Buffer.from(sealer.seal({ key, value: Buffer.from(self), expiresOnTimestamp: undefined }));
      const message = `${sealer.slotOf(key)} ${sealed.toString("base64")}`;
      command("PUBLISH", channel, message).catch(() => undefined);
    },
    subscribe(listener) {
      const unsubscribe = subscribe(channel, (message) => {
        const key = read(message);
        if (key !== undefined) listener(key);
      });
      unsubscribers.push(unsubscribe);
    },
    close() {
      for (const unsubscribe of unsubscribers.splice(0)) unsubscribe();
    },
  };
}
