import type { AuthenticationRecord } from "@azidentity/core/plugin";
import type { Accounts } from "./accounts.ts";

export interface SessionSettings {
  /** The only user to get tokens for, until `authenticate()` is called. */
  readonly record?: AuthenticationRecord | undefined;
  /**
   * Whether somebody who signed in to the application before, in another process or by another source, is signed in here: whoever has the
   * name `username`, or the only one there is.
   */
  readonly adopts: boolean;
  readonly username?: string | undefined;
}

/** Who is signed in to a credential: nobody, or one person. */
export interface Session {
  current(): Promise<AuthenticationRecord | undefined>;
  /** The only user to get tokens for; `undefined`: whoever signs in. */
  readonly only: AuthenticationRecord | undefined;
  /** Somebody signed in. */
  begin(record: AuthenticationRecord): void;
  /** Somebody signed in by `authenticate()`, which lets anybody take over. */
  takeOver(record: AuthenticationRecord): void;
  /** That sign-in is over, unless another one has begun. */
  end(record: AuthenticationRecord): void;
}

export function createSession(settings: SessionSettings, { list }: Pick<Accounts, "list">): Session {
  let only = settings.record;
  let signedIn = only;
  let mayAdopt = settings.adopts;

  const adopt = async (): Promise<AuthenticationRecord | undefined> => {
    const known = await list();
    const name = settings.username?.toLowerCase();
    const candidates = name === undefined ? known : known.filter(({ username }) => username.toLowerCase() === name);
    return candidates.length === 1 ? candidates[0] : undefined;
  };

  const begin = (record: AuthenticationRecord): void => {
    signedIn = record;
    mayAdopt = false;
  };

  return {
    async current() {
      if (signedIn === undefined && mayAdopt) {
        const found = await adopt();
        // once, and unless somebody has signed in meanwhile: whose sign-in ends is not to become somebody else
        if (mayAdopt) signedIn ??= found;
        mayAdopt = false;
      }
      return signedIn;
    },
    get only() {
      return only;
    },
    begin,
    takeOver(record) {
      only = undefined;
      begin(record);
    },
    end(record) {
      if (signedIn === record) signedIn = only;
    },
  };
}
