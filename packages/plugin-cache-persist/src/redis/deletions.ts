import type { Sealer } from "../seal/sealer.ts";
import type { Command } from "./command.ts";

export interface DeletionsSettings {
  /** Not through the circuit: nobody waits for it, and it may not be allowed although all the rest is. */
  readonly command: Command;
  /** Hears what is published on a channel; returns what ends that. */
  readonly subscribe: (channel: string, hear: (message: string) => void) => () => void;
  readonly channel: string;
  /** Of messages alone, so that none of them is ever taken for an entry. */
  readonly sealer: Sealer;
}

/** Lets the processes of one cache tell each other what they delete. Redis learns no key, and nobody without ours can tell anything. */
export interface Deletions {
  tell(key: string): void;
  /** Calls `listener` for what others tell. */
  hear(listener: (key: string) => void): void;
  end(): void;
}

/** A message is the slot of a key, and that key sealed, with its teller as value. */
export function createDeletions({ command, subscribe, channel, sealer }: DeletionsSettings): Deletions {
  const self = process.getBuiltinModule("node:crypto").randomUUID();
  const ends: (() => void)[] = [];

  const read = (message: string): string | undefined => {
    const [slot = "", sealed = ""] = message.split(" ");
    const entry = sealer.open(slot, Buffer.from(sealed, "base64"));
    return typeof entry === "string" || Buffer.from(entry.value).toString() === self ? undefined : entry.key;
  };

  return {
    tell(key) {
      const sealed = Buffer.from(sealer.seal({ key, value: Buffer.from(self), expiresOnTimestamp: undefined }));
      const message = `${sealer.slotOf(key)} ${sealed.toString("base64")}`;
      command("PUBLISH", channel, message).catch(() => undefined);
    },
    hear(listener) {
      const end = subscribe(channel, (message) => {
        const key = read(message);
        if (key !== undefined) listener(key);
      });
      ends.push(end);
    },
    end() {
      for (const end of ends.splice(0)) end();
    },
  };
}
