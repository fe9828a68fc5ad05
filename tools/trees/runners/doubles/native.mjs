import { createHttpHeaders } from "@azure/core-rest-pipeline";
import {
  CredentialUnavailableError,
  EnvironmentCredential,
  getBearerTokenProvider,
  ManagedIdentityCredential,
} from "@azure/identity";

const scope = "https://storage.azure.com/.default";
const expiresOn = Math.floor(Date.now() / 1000) + 3600;
const answer = { access_token: "a-token", token_type: "Bearer", expires_in: 3600, expires_on: expiresOn };
const httpClient = {
  sendRequest: async (request) => ({
    request,
    status: 200,
    headers: createHttpHeaders(),
    bodyAsText: JSON.stringify(answer),
  }),
};

test("a credential gets a token", async () => {
  const { token } = await new ManagedIdentityCredential({ httpClient }).getToken(scope);
  expect(token).toBe("a-token");
});

test("a token provider of a credential returns the text of a token", async () => {
  expect(await getBearerTokenProvider(new ManagedIdentityCredential({ httpClient }), scope)()).toBe("a-token");
});

test("errors are instances of their classes", async () => {
  await expect(new EnvironmentCredential().getToken(scope)).rejects.toBeInstanceOf(CredentialUnavailableError);
});
