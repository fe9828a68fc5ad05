// Two clients of a bot with a user-assigned identity.
import { ConnectorClient, JwtTokenProviderFactory, ManagedIdentityAppCredentials } from "botframework-connector";

const { SERVICE, MANAGED_IDENTITY } = process.env;
for (let count = 0; count < 2; count++) {
  const audience = "https://api.botframework.com";
  const credentials = new ManagedIdentityAppCredentials(MANAGED_IDENTITY, audience, new JwtTokenProviderFactory());
  const client = new ConnectorClient(credentials, { baseUri: SERVICE });
  const { id } = await client.conversations.sendToConversation("1", { type: "message", text: "Hello" });
  console.log(id);
}
