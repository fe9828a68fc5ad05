/** A Worker whose handlers share an identity: of requests, a schedule, a queue, and an object with an alarm. */
import { DurableObject, env } from "cloudflare:workers";
import { createIdentity } from "@azidentity/core/in-code";
import entra from "@azidentity/plugin-entra";

const identity = createIdentity({ plugins: [entra], chain: ["environment"] });
const getToken = async () => (await identity.getToken("https://storage.azure.com/.default")).token;
/** Tokens of handlers that answer no request. */
const tokens = {};

export class Keeper extends DurableObject {
  getToken() {
    return getToken();
  }
  async wake() {
    await this.ctx.storage.setAlarm(Date.now());
    return "set";
  }
  async alarm() {
    tokens.alarm = await getToken();
  }
}

const keeper = () => env.KEEPER.get(env.KEEPER.idFromName("one"));
const answers = {
  request: getToken,
  object: () => keeper().getToken(),
  wake: () => keeper().wake(),
  async send() {
    await env.QUEUE.send("a message");
    return "sent";
  },
  tokens: async () => JSON.stringify(tokens),
};

export default {
  async fetch(request) {
    return new Response(await answers[new URL(request.url).pathname.slice(1)]());
  },
  async scheduled() {
    tokens.schedule = await getToken();
  },
  async queue() {
    tokens.queue = await getToken();
  },
};
