import type { Authority } from "../entra/authority.ts";
import { type Account, findAccount } from "../entra/users/accounts.ts";
import type { JsonObject } from "../http/message.ts";
import type { BrokerFault, BrokerMethod } from "./broker-faults.ts";
import { BrokerError } from "./broker-status.ts";
import { type AuthParameters, describeAccount, issueBrokerTokens } from "./broker-tokens.ts";
import { createRequestSigner } from "./signed-request.ts";

/** The accounts that are signed in to the operating system, the default account first. */
export type SignedInAccounts = Account[];

/**
 * Handles a call: returns the JSON body of the response, or throws a `BrokerError` or `StsError`.
 */
export type Answer = (body: JsonObject, fault: BrokerFault | undefined) => JsonObject | Promise<JsonObject>;

const homeIdOf = (account: Account) => describeAccount(account).homeAccountId;

/**
 * The account of a member of any tenant.
 *
 * @throws {RangeError} No tenant has this user.
 */
export function requireAccount(authority: Authority, username: string): Account {
  const account = findAccount(authority.tenants, username);
  if (account === undefined) throw new RangeError(`No tenant has a user ${username}.`);
  return account;
}

/**
 * The methods of the broker, without faults. Source of the bodies: `@azure/msal-node-runtime` 0.20.
 */
export function createBrokerMethods(
  authority: Authority,
  accounts: SignedInAccounts,
): Readonly<Record<BrokerMethod, Answer>> {
  const signRequest = createRequestSigner();

  const answerFor = async (account: Account, parameters: AuthParameters, fault: BrokerFault | undefined) => {
    const tokenAccount = fault?.account === undefined ? account : requireAccount(authority, fault.account);
    const tokens = await issueBrokerTokens(authority, tokenAccount, parameters, signRequest);
    return { brokerTokenResponse: { ...tokens, ...fault?.rewrite } };
  };

  return {
    getAccounts: () => ({ accounts: accounts.map((account) => describeAccount(account)) }),
    acquireTokenSilently({ authParameters }, fault) {
      const parameters = authParameters as unknown as AuthParameters;
      const requestedId = parameters.account?.homeAccountId;
      const account =
        requestedId === undefined ? accounts[0] : accounts.find((candidate) => homeIdOf(candidate) === requestedId);
      if (account === undefined) throw new BrokerError("InteractionRequired", "The account is not signed in.");
      return answerFor(account, parameters, fault);
    },
    acquireTokenInteractively({ authParameters }, fault) {
      const parameters = authParameters as unknown as AuthParameters;
      const { username } = parameters;
      const account = username ? findAccount(authority.tenants, username) : accounts[0];
      if (account === undefined) throw new BrokerError("UserCanceled", "No user signed in.");
      if (!accounts.some((candidate) => homeIdOf(candidate) === homeIdOf(account))) accounts.push(account);
      return answerFor(account, parameters, fault);
    },
  };
}
