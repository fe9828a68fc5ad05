import {
  type AuthenticationRecord,
  isIdentityError,
  type SourceContext,
  type StoredUser,
  userPartitionKey,
} from "@azidentity/core/plugin";
import { checkAuthenticationRecord } from "./authentication-record.ts";
import { createPartitions } from "./partitions.ts";
import type { UserApplication } from "./sign-in.ts";

/** A user who has signed in, and what renews their tokens. */
export type Account = StoredUser;

/** The users of one application who have signed in here. */
export interface Accounts {
  /** `undefined`: nobody of that id, or nobody whose tokens can be renewed. */
  read(homeAccountId: string): Promise<Account | undefined>;
  /** Puts it in the place of what there was. */
  keep(account: Account): Promise<void>;
  /** Keeps it, and remembers who it is by name. */
  add(account: Account): Promise<void>;
  /** Forgets a refresh token that Entra refused, unless another process has put a newer one in its place. */
  drop(homeAccountId: string, refreshToken: string): Promise<void>;
  /** The users who have signed in on this machine, the last one last: a sign-in is not taken over from a store that machines share. */
  list(): Promise<readonly AuthenticationRecord[]>;
}

/** So many are remembered by name; the others have their own partition all the same. */
const mostListed = 100;

function recordOf(value: unknown): AuthenticationRecord | undefined {
  try {
    return checkAuthenticationRecord(Object(value));
  } catch (error) {
    if (isIdentityError(error)) return undefined;
    throw error;
  }
}

/** What a partition holds of this user; the account of another, by whatever mistake of a store, is none. */
function accountOf(homeAccountId: string, value: unknown): Account | undefined {
  const { record, refreshToken } = Object(value) as Partial<Account>;
  const checked = recordOf(record);
  if (checked?.homeAccountId !== homeAccountId || typeof refreshToken !== "string") return undefined;
  return { record: checked, refreshToken };
}

const listOf = (value: unknown) => (Array.isArray(value) ? value.flatMap((one) => recordOf(one) ?? []) : []);

/**
 * A partition for each user, so that a token costs the same however many there are, and a list of them. A partition holds the record and the
 * refresh token and nothing else: access tokens are the core's to keep, and what else MSAL would keep is about the person.
 */
export function createAccounts({ sourceName, clientId }: UserApplication, context: SourceContext): Accounts {
  const partitions = createPartitions(sourceName, context);
  const application = { authorityHost: context.cloud.authorityHost, clientId };
  const keyOf = (homeAccountId: string) => userPartitionKey({ ...application, homeAccountId });
  const listKey = userPartitionKey(application);
  const changeList = (homeAccountId: string, added: readonly AuthenticationRecord[]) =>
    partitions.update(listKey, (current) => {
      const others = listOf(current).filter((one) => one.homeAccountId !== homeAccountId);
      const list = [...others, ...added].slice(-mostListed);
      return list.length === 0 ? undefined : list;
    });
  const keep: Accounts["keep"] = (account) => partitions.update(keyOf(account.record.homeAccountId), () => account);
  return {
    read: async (homeAccountId) => accountOf(homeAccountId, await partitions.read(keyOf(homeAccountId))),
    keep,
    async add(account) {
      await keep(account);
      await changeList(account.record.homeAccountId, [account.record]);
    },
    async drop(homeAccountId, refreshToken) {
      let gone = false;
      await partitions.update(keyOf(homeAccountId), (current) => {
        gone = accountOf(homeAccountId, current)?.refreshToken === refreshToken;
        return gone ? undefined : current;
      });
      if (gone) await changeList(homeAccountId, []);
    },
    list: async () => listOf(await partitions.readOwn(listKey)),
  };
}
