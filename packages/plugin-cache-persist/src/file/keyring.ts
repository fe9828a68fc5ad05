/** A place for keys: a keyring of the operating system, or files. */
export interface KeyStore {
  readonly name: string;
  read(account: string): Promise<string | undefined>;
  write(account: string, secret: string): Promise<void>;
  remove(account: string): Promise<void>;
  /**
   * Whether an error means that this place does not exist here, so that it holds no key. Every other error means that it exists and
   * cannot be read at the moment: it is locked, its prompt was dismissed, it does not answer.
   */
  isMissing(error: unknown): boolean;
  /** What to type or do when it cannot be read. One sentence without its full stop. */
  readonly unlock: string;
}

const service = "azidentity";

type LinuxStore = "secret-service" | "keyutils";
type Traits = Pick<KeyStore, "name" | "unlock" | "isMissing">;

const says = (pattern: RegExp) => (error: unknown) => error instanceof Error && pattern.test(error.message);

/*
 * Texts of the errors of @napi-rs/keyring 2, which tell no codes. The first is what a Linux answers without a session bus, without a
 * service on it, or without any collection in that service; the second that of a user without a keychain; the third that of a logon
 * which has no credentials, such as one of SSH.
 */
const secretService: Traits = {
  name: "Secret Service",
  unlock: "Unlock the keyring: sign in to the desktop, or run `gnome-keyring-daemon --replace --unlock`",
  isMissing: says(
    /DBUS_SESSION_BUS_ADDRESS|autolaunch|Failed to connect to socket|No DBus session|not provided by any \.service|no result found/i,
  ),
};
const keychain: Traits = {
  name: "macOS Keychain",
  unlock: "Unlock it: security unlock-keychain",
  isMissing: says(/default keychain could not be found/i),
};
const credentialManager: Traits = {
  name: "Windows Credential Manager",
  unlock: "Run the program in a session of this user that was signed in to with a password",
  isMissing: says(/NO_SUCH_LOGON_SESSION|logon session does not exist/i),
};
/** It is never locked: it is there, or a container forbids it. */
const kernel: Traits = {
  name: "kernel keyring",
  unlock: "Allow this process the system calls of keyrings (keyctl)",
  isMissing: () => true,
};

/** The keyrings of this machine, best first. Rejects when the native library cannot be loaded. */
export async function openKeyrings(platform: NodeJS.Platform): Promise<readonly KeyStore[]> {
  const { AsyncEntry } = await import("@napi-rs/keyring");
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

/** Names of all keyrings, on whichever platform: a folder can be shared with a machine of another. */
export const keyringNames: readonly string[] = [secretService, keychain, credentialManager, kernel].map(
  ({ name }) => name,
);
