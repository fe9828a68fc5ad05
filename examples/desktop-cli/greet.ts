/** Greets the user by the name that a web API returns. */
import { createIdentity, isIdentityError } from "@azidentity/core";

const scope = process.env.GREET_SCOPE ?? "https://graph.microsoft.com/User.Read";
const url = process.env.GREET_URL ?? "https://graph.microsoft.com/v1.0/me";

const identity = createIdentity();
try {
  const { token } = await identity.getToken(scope);
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  // Microsoft Graph returns displayName, the emulator returns claims
  const { displayName, claims } = (await response.json()) as { displayName?: string; claims?: { name: string } };
  console.log(`Hello, ${displayName ?? claims?.name}!`);
} catch (error) {
  if (!isIdentityError(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await identity.close();
}
