// Runs with the session bus of a desktop: the emulated broker joins it, and an identity gets a
// token from the broker.
import { createIdentity } from "@azidentity/core";
import { startEmulator } from "@azidentity/emulator";
import broker from "@azidentity/plugin-broker";

const client = { clientId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", publicClient: true, secrets: [] };
const ann = { username: "ann@contoso.example", password: "a" };
const emulator = await startEmulator({ tenants: [{ applications: [{}, client], users: [ann] }] });
try {
  await emulator.startBroker({ busAddress: process.env.DBUS_SESSION_BUS_ADDRESS });
  await using identity = createIdentity({ plugins: [broker] });
  await identity.getToken("https://vault.azure.net/.default");
  const { winner, principal } = identity.explain.last;
  console.log(JSON.stringify({ winner, username: principal.username }));
} finally {
  await emulator.close();
}
