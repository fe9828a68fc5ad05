// Two clients of Service Bus, each of which sends a message. The other end is a broker of AMQP in
// this process.
import { readFileSync } from "node:fs";
import { DefaultAzureCredential } from "@azure/identity";
import { ServiceBusClient } from "@azure/service-bus";
import rhea from "rhea";

const { TLS_CERTIFICATE, TLS_KEY } = process.env;
const broker = rhea.create_container();
broker.on("receiver_open", ({ receiver }) => receiver.set_target({ address: receiver.remote.attach.target.address }));
broker.on("message", async ({ message, connection }) => {
  if (message.application_properties?.operation !== "put-token") return console.log(String(message.body?.content));
  const [, claims] = message.body.split(".");
  console.log(JSON.parse(Buffer.from(claims, "base64url")).aud);
  const properties = { application_properties: { "status-code": 202 }, correlation_id: message.message_id };
  replies.get(connection).send({ ...properties, to: message.reply_to, body: "" });
});
const replies = new Map();
broker.on("sender_open", ({ sender, connection }) => {
  sender.set_source({ address: sender.remote.attach.source.address });
  replies.set(connection, sender);
});
const files = { cert: readFileSync(TLS_CERTIFICATE), key: readFileSync(TLS_KEY) };
const server = broker.listen({ transport: "tls", port: 0, host: "127.0.0.1", ...files });
await new Promise((resolve) => server.once("listening", resolve));

for (let count = 0; count < 2; count++) {
  const client = new ServiceBusClient("contoso.servicebus.windows.net", new DefaultAzureCredential(), {
    customEndpointAddress: `sb://localhost:${server.address().port}`,
    retryOptions: { maxRetries: 0 },
  });
  await client.createSender("greetings").sendMessages({ body: "Hello" });
  await client.close();
}
process.exit();
