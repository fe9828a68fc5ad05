// Asks one of Microsoft's clients for a token and prints what came of it. A process each: they keep
// host and tokens for a whole process.
const [, , client, clientId, forceRefresh] = process.argv;
const scope = "https://vault.azure.net/.default";

async function ask() {
  if (client === "msal") {
    const { ManagedIdentityApplication } = await import("@azure/msal-node");
    const ids = clientId ? { managedIdentityIdParams: { userAssignedClientId: clientId } } : {};
    const application = new ManagedIdentityApplication({ ...ids, disableInternalRetries: true });
    const resource = "https://vault.azure.net";
    const { accessToken, expiresOn } = await application.acquireToken({ resource });
    return { token: accessToken, expires: expiresOn?.getTime() };
  }
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import("@azure/identity");
  const credential =
    client === "default"
      ? new DefaultAzureCredential({ retryOptions: { maxRetries: 0 } })
      : new ManagedIdentityCredential(
          clientId ? { clientId, retryOptions: { maxRetries: 0 } } : { retryOptions: { maxRetries: 0 } },
        );
  const first = await credential.getToken(scope);
  const { token, expiresOnTimestamp } = forceRefresh
    ? await credential.getToken(scope, { claims: '{"access_token":{"nbf":{"essential":true}}}', enableCae: true })
    : first;
  return { token, expires: expiresOnTimestamp, isSame: token === first.token };
}

try {
  console.log(JSON.stringify(await ask()));
} catch (error) {
  console.log(JSON.stringify({ error: error.name, message: String(error.message).split("\n")[0] }));
}
process.exit();
