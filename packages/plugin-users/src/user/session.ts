import type { AuthenticationRecord } from "@azidentity/core/plugin";
import type { Accounts } from "./accounts.ts";

export interface SessionSettings {
  /** The only user that may sign in, until `authenticate()` is called. */
  readonly record?: AuthenticationRecord | undefined;
  /**
   * Whether a user who signed in to the application before, in another process or with another
   * source, is signed in here: the user named `username`, or the only one there is.
   */
  readonly reuseExistingAccount: boolean;
  readonly username?: string | undefined;
}

/** The user who is signed in to a credential, if any. */
export interface Session {
  current(): Promise<AuthenticationRecord | undefined>;
  /** The only user that may sign in; `undefined`: any. */
  readonly requiredUser: AuthenticationRecord | undefined;
  /** Records that a user has signed in. */
  begin(record: AuthenticationRecord): void;
  /** Records that a user has signed in by `authenticate()`, which allows any user. */
  replace(record: AuthenticationRecord): void;
  /** Records that the user's sign-in has ended, unless another one has begun. */
  end(record: AuthenticationRecord): void;
}

/** The user named `username`, else the only one there is. */
function existingAccount(
  known: readonly AuthenticationRecord[],
  username: string | undefined,
): AuthenticationRecord | undefined {
  const name = username?.toLowerCase();
  const candidates = name === undefined ? known : known.filter((one) => one.username.toLowerCase() === name);
  return candidates.length === 1 ? candidates[0] : undefined;
}

export function createSession(settings: SessionSettings, { list }: Pick<Accounts, "list">): Session {
  let requiredUser = settings.record;
  let signedIn = requiredUser;
  let mayReuseAccount = settings.reuseExistingAccount;

  const begin = (record: AuthenticationRecord): void => {
    signedIn = record;
    mayReuseAccount = false;
  };

  return {
    async current() {
      if (signedIn === undefined && mayReuseAccount) {
        const found = existingAccount(await list(), settings.username);
        // only once, and not if a user has signed in meanwhile: an ended sign-in must not become
        // another user's
        if (mayReuseAccount) signedIn ??= found;
        mayReuseAccount = false;
      }
      return signedIn;
    },
    get requiredUser() {
      return requiredUser;
    },
    begin,
    replace(record) {
      requiredUser = undefined;
      begin(record);
    },
    end(record) {
      if (signedIn === record) signedIn = requiredUser;
    },
  };
}
