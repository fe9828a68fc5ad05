// Asks credentials of the Azure SDK for tokens, and prints what came of it. Arguments: the name of
// a class, and scopes.
import { DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";

const [, , name, ...scopes] = process.argv;
const credential = new { DefaultAzureCredential, ManagedIdentityCredential }[name]();
const ends = [];
for (const scope of scopes) {
  try {
    const { token, expiresOnTimestamp } = await credential.getToken(scope);
    ends.push({ token, expiresOnTimestamp });
  } catch (error) {
    ends.push({ error: error.message });
  }
}
console.log(JSON.stringify(ends));
