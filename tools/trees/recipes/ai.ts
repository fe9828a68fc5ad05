/** docs/recipes/ai.md, against a double of the API that checks the token. */
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import type { Identity } from "@azidentity/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClientRecipe, testConnections } from "./client-suite.ts";
import type { World } from "./world.ts";

const completion = {
  id: "1",
  object: "chat.completion",
  created: 0,
  model: "greeter",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello" } }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

const message = {
  id: "1",
  type: "message",
  role: "assistant",
  model: "greeter",
  content: [{ type: "text", text: "Hello" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 1, output_tokens: 1 },
};

/** What each path answers, and for which audience its token has to be. */
const answers = [
  { path: "/chat/completions", audience: "https://cognitiveservices.azure.com", body: completion },
  { path: "/v1/messages", audience: "https://ai.azure.com", body: message },
];

/** Answers each chat with a greeting, if the token is valid. */
async function startModel({ emulator, verify }: World): Promise<Server> {
  const { certificate, key } = emulator.serverCertificate;
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const answer = answers.find(({ path }) => request.url?.includes(path));
    const isValid = answer !== undefined && verify(token, answer.audience) === emulator.application.clientId;
    request.resume();
    response.writeHead(isValid ? 200 : 401, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify(isValid ? answer.body : { error: { code: "401", message: "The token is not valid." } }),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

const messages = [{ role: "user", content: "Greet" }];
/** Asks by each client for the text of the answer. */
const clients: Readonly<
  Record<string, (world: World, identity: Identity, url: string) => Promise<() => Promise<string>>>
> = {
  openai: async (world, identity, url) => {
    const client = (await world.load("ai-clients")).createOpenAI(identity, url);
    return async () =>
      (await client.chat.completions.create({ model: "greeter", messages })).choices[0].message.content;
  },
  "openai with versions of the API": async (world, identity, url) => {
    const client = (await world.load("ai-clients")).createAzureOpenAI(identity, url);
    return async () =>
      (await client.chat.completions.create({ model: "greeter", messages })).choices[0].message.content;
  },
  "the AI SDK": async (world, identity, url) => {
    const azure = (await world.load("ai-clients")).createAiSdk(identity, url);
    const { generateText } = await import(`${world.folder}/node_modules/ai/dist/index.js`);
    return async () => (await generateText({ model: azure.chat("greeter"), prompt: "Greet", maxRetries: 0 })).text;
  },
  LangChain: async (world, identity, url) => {
    const model = (await world.load("ai-clients")).createLangChain(identity, url, "greeter", { maxRetries: 0 });
    return async () => (await model.invoke("Greet")).content;
  },
  "Claude in Microsoft Foundry": async (world, identity, url) => {
    const client = (await world.load("claude")).createClaude(identity, `${url}/anthropic/`);
    return async () => (await client.messages.create({ model: "greeter", max_tokens: 9, messages })).content[0].text;
  },
};

export function testAi(world: () => World): void {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = await startModel(world());
    url = `https://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server?.close();
    server?.closeAllConnections();
  });

  describe.each(Object.entries(clients))("%s", (_, create) => {
    const recipe: ClientRecipe = {
      codeWithoutToken: "invalid-client-secret",
      async createClient(identity) {
        const ask = await create(world(), identity, url);
        return {
          async openAtOnce(count) {
            const answers = await Promise.all(Array.from({ length: count }, ask));
            for (const answer of answers) expect(answer).toBe("Hello");
          },
          end: async () => undefined,
        };
      },
    };
    testConnections(world, () => recipe);

    it("the error of a refused token shows no token", async () => {
      await using identity = world().createIdentity();
      const other = { provider: () => identity.provider("https://vault.azure.net/.default") } as unknown as Identity;
      const ask = await create(world(), other, url);
      const error: Error = await ask().then(
        () => expect.unreachable(),
        (cause) => cause,
      );
      const shown = inspect(error, { depth: 10 });
      expect(shown).toContain("The token is not valid.");
      expect(shown).not.toContain("eyJ");
    });
  });
}
