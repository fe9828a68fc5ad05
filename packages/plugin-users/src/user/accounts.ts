import {
  type AuthenticationRecord,
  checkAuthenticationRecord,
  isIdentityError,
  type SourceContext,
  type StoredUser,
  userPartitionKey,
} from "@azidentity/core/plugin";
import { createPartitions } from "./partitions.ts";
import type { UserApplication } from "./sign-in.ts";

/** A user who has signed in, with the refresh token that renews their tokens. */
export type Account = StoredUser;

/** The users of one application who have signed in. */
export interface Accounts {
  /** `undefined`: there is no account of that id with a usable refresh token. */
  read(homeAccountId: string): Promise<Account | undefined>;
  /** Stores the account, in place of an earlier version. */
  save(account: Account): Promise<void>;
  /** Stores the account, and adds its record to the list. */
  add(account: Account): Promise<void>;
  /**
   * Deletes an account whose refresh token Entra has refused, unless another process has stored a
   * newer one.
   */
  remove(homeAccountId: string, refreshToken: string): Promise<void>;
  /**
   * The records of the users who have signed in on this machine, the most recent last. A store
   * shared by several machines is not listed, so sign-ins of other machines are not reused.
   */
  list(): Promise<readonly AuthenticationRecord[]>;
}

/** Records in the list; accounts beyond it are still stored. */
const maxListed = 100;

function recordOf(value: unknown): AuthenticationRecord | undefined {
  try {
    return checkAuthenticationRecord(value);
  } catch (error) {
    if (isIdentityError(error)) return undefined;
    throw error;
  }
}

/**
 * The account in a partition; `undefined` if a faulty store returns the account of another user.
 */
function accountOf(homeAccountId: string, value: unknown): Account | undefined {
  const { record, refreshToken } = Object(value) as Partial<Account>;
  const checked = recordOf(record);
  if (checked?.homeAccountId !== homeAccountId || typeof refreshToken !== "string") return undefined;
  return { record: checked, refreshToken };
}

const listOf = (value: unknown) => (Array.isArray(value) ? value.flatMap((one) => recordOf(one) ?? []) : []);

/**
 * Stores a partition for each user, so that a renewal costs the same for any number of users, and a
 * list of records. A partition has only the record and the refresh token: core caches access
 * tokens, and MSAL's own cache would add personal data.
 */
export function createAccounts({ clientId }: Pick<UserApplication, "clientId">, context: SourceContext): Accounts {
  const partitions = createPartitions(context);
  const application = { authorityHost: context.cloud.authorityHost, clientId };
  const keyOf = (homeAccountId: string) => userPartitionKey({ ...application, homeAccountId });
  const listKey = userPartitionKey(application);
  const changeList = (homeAccountId: string, added: readonly AuthenticationRecord[]) =>
    partitions.update(listKey, (current) => {
      const others = listOf(current).filter((one) => one.homeAccountId !== homeAccountId);
      const list = [...others, ...added].slice(-maxListed);
      return list.length === 0 ? undefined : list;
    });
  const save: Accounts["save"] = (account) => partitions.update(keyOf(account.record.homeAccountId), () => account);
  return {
    read: async (homeAccountId) => accountOf(homeAccountId, await partitions.read(keyOf(homeAccountId))),
    save,
    async add(account) {
      await save(account);
      await changeList(account.record.homeAccountId, [account.record]);
    },
    async remove(homeAccountId, refreshToken) {
      let removed = false;
      await partitions.update(keyOf(homeAccountId), (current) => {
        removed = accountOf(homeAccountId, current)?.refreshToken === refreshToken;
        return removed ? undefined : current;
      });
      if (removed) await changeList(homeAccountId, []);
    },
    list: async () => listOf(await partitions.readOwn(listKey)),
  };
}
