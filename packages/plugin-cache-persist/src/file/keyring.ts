import type { Clock } from "@azidentity/core/plugin";

/** A place where the operating system keeps small secrets. */
export interface KeyStore {
  readonly name: string;
  read(account: string): Promise<string | undefined>;
  write(account: string, secret: string): Promise<void>;
  remove(account: string): Promise<void>;
}

const service = "azidentity";
/** How long a keyring may take to answer, in milliseconds; one that wants to ask a person might never. */
const patience = 5_000;

type LinuxStore = "secret-service" | "keyutils";

async function inTime<T>(clock: Clock, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = clock.sleep(patience, controller.signal).then(() => {
    throw new Error("did not answer in time");
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    controller.abort();
  }
}

/** The keyrings of this machine, best first. Rejects when the native library cannot be loaded. */
export async function openKeyrings(clock: Clock, platform: NodeJS.Platform): Promise<readonly KeyStore[]> {
  const { AsyncEntry } = await import("@napi-rs/keyring");
  const keyring = (name: string, store?: LinuxStore): KeyStore => {
    const entry = (account: string) => new AsyncEntry(service, account, store && { linux: { store } });
    return {
      name,
      read: (account) => inTime(clock, async (signal) => (await entry(account).getPassword(signal)) ?? undefined),
      write: (account, secret) => inTime(clock, (signal) => entry(account).setPassword(secret, signal)),
      remove: (account) => inTime(clock, async (signal) => void (await entry(account).deletePassword(signal))),
    };
  };
  if (platform === "win32") return [keyring("Windows Credential Manager")];
  if (platform === "darwin") return [keyring("macOS Keychain")];
  return [keyring("Secret Service", "secret-service"), keyring("kernel keyring", "keyutils")];
}
