import { AbortError } from "../errors/errors.ts";

/**
 * Why an acquisition ends that began before another account signed in. Callers never see it: they
 * ask again.
 */
export const accountChanged: Error = new AbortError("Another account has signed in.");

/**
 * The account behind a source can change while callers wait for its tokens, by `authenticate` or
 * because a token turns out to be another account's. No caller is served a token of before.
 */
export interface AccountChanges {
  /** How many changes there have been. */
  readonly count: number;
  /** Another account may be signed in from now on. */
  change(): void;
  /**
   * The source has another principal, so that the account of its last token says nothing
   * about the next one.
   */
  restart(): void;
  /** Whether a token of this account is the first one of another account. */
  isAnother(account: string | undefined): boolean;
  /**
   * The source has issued a token of this account, which may be on its way to a store for a while.
   * If it is another account than the last one, tokens in memory are forgotten at once.
   */
  announce(account: string | undefined): void;
  /** Notes the account of a token; a token of another account than the last one is a change. */
  note(account: string | undefined): void;
}

export interface AccountReactions {
  /** Another account may be signed in. */
  readonly onChange: () => void;
  /** A token of another account was issued, and is not complete yet. */
  readonly onAnnounce: () => void;
}

export function createAccountChanges({ onChange, onAnnounce }: AccountReactions): AccountChanges {
  let account: string | undefined;

  const isAnother = (noted: string | undefined): boolean =>
    noted !== undefined && account !== undefined && account !== noted;

  const change = (): void => {
    changes.count++;
    account = undefined;
    onChange();
  };

  const changes: { -readonly [K in keyof AccountChanges]: AccountChanges[K] } = {
    count: 0,
    change,
    restart() {
      account = undefined;
    },
    isAnother,
    announce(announced) {
      if (isAnother(announced)) onAnnounce();
    },
    note(noted) {
      if (noted === undefined) return;
      if (isAnother(noted)) change();
      account = noted;
    },
  };
  return changes;
}
