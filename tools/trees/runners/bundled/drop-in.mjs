/** A program that was written for `@azure/identity`. */
import {
  AggregateAuthenticationError,
  ChainedTokenCredential,
  ClientSecretCredential,
  CredentialUnavailableError,
  DefaultAzureCredential,
  getBearerTokenProvider,
} from "@azure/identity";
import { report } from "./report.mjs";

const scope = "https://storage.azure.com/.default";
const { TENANT, CLIENT, SECRET } = process.env;
const applicationOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).appid;

/** The name and text of a failure, and its classes. */
const failure = (credential) =>
  credential.getToken(scope).then(
    () => "a token",
    (error) => {
      const isAggregate = error instanceof AggregateAuthenticationError;
      return { name: error.name, message: error.message, isAggregate, credential: credential.constructor.name };
    },
  );

class Unavailable {
  async getToken() {
    throw new CredentialUnavailableError("not here");
  }
}

report("DefaultAzureCredential", async () => applicationOf((await new DefaultAzureCredential().getToken(scope)).token));
report("ClientSecretCredential", async () =>
  applicationOf(await getBearerTokenProvider(new ClientSecretCredential(TENANT, CLIENT, SECRET), scope)()),
);
report("a wrong secret", () => failure(new ClientSecretCredential(TENANT, CLIENT, "wrong")));
report("an empty chain", () => failure(new ChainedTokenCredential(new Unavailable())));
