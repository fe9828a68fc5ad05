import type { Authority } from "../entra/authority.ts";
import { type Account, findAccount } from "../entra/users/accounts.ts";
import type { JsonObject } from "../http/message.ts";
import type { BrokerFault, BrokerMethod } from "./broker-faults.ts";
import { BrokerError } from "./broker-status.ts";
import { type AuthParameters, describeAccount, issueBrokerTokens } from "./broker-tokens.ts";
import { createRequestSigner } from "./signed-request.ts";

/** Who is signed in to the operating system, the default account first. */
export type SignedInAccounts = Account[];

/** Answers a call: the object that goes back as JSON, or a `BrokerError` or `StsError` thrown. */
export type Answer = (body: JsonObject, fault: BrokerFault | undefined) => JsonObject | Promise<JsonObject>;

const homeIdOf = (account: Account) => describeAccount(account).homeAccountId;

/** A member of the directory. */
export function requireAccount(authority: Authority, username: string): Account {
  const account = findAccount(authority.tenants, username);
  if (account === undefined) throw new RangeError(`No tenant has a user ${username}.`);
  return account;
}

/** What the broker answers while nothing goes wrong. Shapes as `@azure/msal-node-runtime` reads them. */
export function createBrokerMethods(
  authority: Authority,
  accounts: SignedInAccounts,
): Readonly<Record<BrokerMethod, Answer>> {
  const signRequest = createRequestSigner();

  const answerFor = async (account: Account, parameters: AuthParameters, fault: BrokerFault | undefined) => {
    const whose = fault?.account === undefined ? account : requireAccount(authority, fault.account);
    const tokens = await issueBrokerTokens(authority, whose, parameters, signRequest);
    return { brokerTokenResponse: { ...tokens, ...fault?.rewrite } };
  };

  return {
    getAccounts: () => ({ accounts: accounts.map((account) => describeAccount(account)) }),
    acquireTokenSilently({ authParameters }, fault) {
      const parameters = authParameters as unknown as AuthParameters;
      const wanted = parameters.account?.homeAccountId;
      const account = wanted === undefined ? accounts[0] : accounts.find((one) => homeIdOf(one) === wanted);
      if (account === undefined) throw new BrokerError("InteractionRequired", "No such account is signed in.");
      return answerFor(account, parameters, fault);
    },
    acquireTokenInteractively({ authParameters }, fault) {
      const parameters = authParameters as unknown as AuthParameters;
      const { username } = parameters;
      const account = username ? findAccount(authority.tenants, username) : accounts[0];
      if (account === undefined) throw new BrokerError("UserCanceled", "Nobody signed in.");
      if (!accounts.some((one) => homeIdOf(one) === homeIdOf(account))) accounts.push(account);
      return answerFor(account, parameters, fault);
    },
  };
}
