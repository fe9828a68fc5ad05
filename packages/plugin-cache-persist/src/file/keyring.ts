import { importOptional } from "../optional-package.ts";

/** Stores keys: a keyring of the operating system, or files. */
export interface KeyStore {
  readonly name: string;
  read(account: string): Promise<string | undefined>;
  write(account: string, secret: string): Promise<void>;
  remove(account: string): Promise<void>;
  /**
   * Whether an error means that this store does not exist on the machine, so that it has no key.
   * Any other error means that it exists but cannot be read now: it is locked, its prompt was
   * dismissed, or it does not answer.
   */
  isMissing(error: unknown): boolean;
  /** Remedy when it cannot be read: a sentence without its full stop. */
  readonly unlock: string;
}

/**
 * The flag without which the runtime loads no native library, such as that of the keyrings, whose
 * loader keeps of an error only its text.
 */
export function missingFlag(error: unknown): "--allow-ffi" | "--allow-addons" | undefined {
  if (!(error instanceof Error)) return undefined;
  if (/^Requires ffi access/.test(error.message)) return "--allow-ffi";
  return /loading addons is disabled/.test(error.message) ? "--allow-addons" : missingFlag(error.cause);
}

const service = "azidentity";

type LinuxStore = "secret-service" | "keyutils";
type Traits = Pick<KeyStore, "name" | "unlock" | "isMissing">;

const matches = (pattern: RegExp) => (error: unknown) => pattern.test(String(Object(error).message));

/*
 * Messages of @napi-rs/keyring 2, whose errors have no codes. Secret Service: there is no session
 * bus, no service on it, or no collection in the service. Keychain: the user has none. Credential
 * Manager: the logon has no credentials, such as one by SSH.
 */
const secretService: Traits = {
  name: "Secret Service",
  unlock: "Unlock the keyring: sign in to the desktop, or run `gnome-keyring-daemon --replace --unlock`",
  isMissing: matches(
    /DBUS_SESSION_BUS_ADDRESS|autolaunch|Failed to connect to socket|No DBus session|not provided by any \.service|no result found/i,
  ),
};
const keychain: Traits = {
  name: "macOS Keychain",
  unlock: "Unlock it: security unlock-keychain",
  isMissing: matches(/default keychain could not be found/i),
};
const credentialManager: Traits = {
  name: "Windows Credential Manager",
  unlock: "Run the program in a session to which this user signed in with a password",
  isMissing: matches(/NO_SUCH_LOGON_SESSION|logon session does not exist/i),
};
/** Never locked: it either works, or a container forbids its system calls. */
const kernel: Traits = {
  name: "kernel keyring",
  unlock: "Allow this process the system calls of keyrings (keyctl)",
  isMissing: () => true,
};

/** The keyrings of this machine, best first. Rejects when the native library cannot be loaded. */
export async function openKeyrings(platform: NodeJS.Platform): Promise<readonly KeyStore[]> {
  const { AsyncEntry } = await importOptional<typeof import("@napi-rs/keyring")>("@napi-rs/keyring");
  const keyring = (traits: Traits, store?: LinuxStore): KeyStore => {
    const entry = (account: string) => new AsyncEntry(service, account, store && { linux: { store } });
    return {
      ...traits,
      read: async (account) => (await entry(account).getPassword()) ?? undefined,
      write: async (account, secret) => entry(account).setPassword(secret),
      remove: async (account) => void (await entry(account).deletePassword()),
    };
  };
  if (platform === "win32") return [keyring(credentialManager)];
  if (platform === "darwin") return [keyring(keychain)];
  return [keyring(secretService, "secret-service"), keyring(kernel, "keyutils")];
}

/** Names of the keyrings of all platforms: machines of different platforms can share a folder. */
export const keyringNames: readonly string[] = [secretService, keychain, credentialManager, kernel].map(
  ({ name }) => name,
);
