/**
 * A coding agent that has no key: it talks with a model and with the tools of a remote MCP server
 * for a working day, each with a token of its own, which are valid for an hour. Entra ID, the model
 * and the server are on this machine.
 */
import tls from "node:tls";
import { createIdentity } from "@azidentity/core";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import entra from "@azidentity/plugin-entra";
import type { JSONWebKeySet } from "jose";
import { answer } from "./agent.ts";
import { createMovableClock } from "./clock.ts";
import { connectModel } from "./model.ts";
import { startModel } from "./services/model.ts";
import { startOrders } from "./services/orders.ts";
import { createVerify } from "./services/verify.ts";
import { connectTools } from "./tools.ts";

const say = console.log;
const modelScope = "https://ai.azure.com/.default";
const ordersApi = {
  displayName: "Orders",
  identifierUris: ["api://orders"],
  clientId: "0d9e1a52-3a5f-4f0b-9d0e-2f6c5a3b7c11",
};

async function startServices(emulator: Emulator) {
  const response = await fetch(`${emulator.authorityHost}/${emulator.tenantId}/discovery/v2.0/keys`);
  const keys = (await response.json()) as JSONWebKeySet;
  const model = await startModel(createVerify(emulator, keys, "https://ai.azure.com"));
  const orders = await startOrders(createVerify(emulator, keys, ordersApi.clientId));
  return { model, orders };
}

/** Asks the same question every half an hour. */
async function work(emulator: Emulator): Promise<void> {
  const env = emulator.env("service-principal");
  const clock = createMovableClock();
  const services = await startServices(emulator);
  await using _model = services.model;
  await using _orders = services.orders;
  await using identity = createIdentity({ config: false, plugins: [entra] }, { env, clock });
  const model = connectModel(services.model.url, identity.provider(modelScope));
  const tools = await connectTools(`${services.orders.url}/mcp`, "api://orders/.default", env);
  try {
    for (let halfHours = 0; halfHours <= 16; halfHours++) {
      const text = await answer("How many orders are there in Europe?", model, tools);
      say(`${String(Math.floor(9 + halfHours / 2)).padStart(2, "0")}:${halfHours % 2 === 0 ? "00" : "30"}  ${text}`);
      clock.advance(1_800_000);
      emulator.clock.advance(1_800_000);
    }
  } finally {
    await tools.close();
  }
  say(`Requests with a token that the model refused: ${services.model.refused()}`);
}

const emulator = await startEmulator({ tenants: [{ applications: [{}, ordersApi] }] });
try {
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), emulator.caCertificate]);
  await work(emulator);
  const scopes = emulator.requests.to("/oauth2/v2.0/token").map(({ form }) => form.scope);
  for (const scope of new Set(scopes))
    say(`Token requests for ${scope}: ${scopes.filter((one) => one === scope).length}`);
} finally {
  await emulator.close();
}
