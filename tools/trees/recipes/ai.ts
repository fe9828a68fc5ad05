/** docs/recipes/ai.md, against a double of the API that checks the token. */
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Identity } from "@azidentity/core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type ClientRecipe, testConnections, testRefusal } from "./client-suite.ts";
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

/**
 * Answers each chat with a greeting, if the token is valid, and of a principal that `isKnown`
 * knows.
 */
async function startModel({ emulator, verify }: World, isKnown: (principal?: string) => boolean): Promise<Server> {
  const { certificate, key } = emulator.serverCertificate;
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const answer = answers.find(({ path }) => request.url?.includes(path));
    const isValid = answer !== undefined && isKnown(verify(token, answer.audience));
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
const cognitiveServices = "https://cognitiveservices.azure.com/.default";

interface AiClient {
  /** The one in the table of `name-principal.ts`. */
  readonly refused: string;
  /** Default: Cognitive Services */
  readonly scope?: string;
  /** Resolves with what asks for the text of the answer. */
  create(world: World, identity: Identity, url: string): Promise<() => Promise<string>>;
}

const clients: Readonly<Record<string, AiClient>> = {
  openai: {
    refused: "openai",
    async create(world, identity, url) {
      const client = (await world.load("ai-clients")).createOpenAI(identity, url);
      return async () =>
        (await client.chat.completions.create({ model: "greeter", messages })).choices[0].message.content;
    },
  },
  "openai with versions of the API": {
    refused: "openai",
    async create(world, identity, url) {
      const client = (await world.load("ai-clients")).createAzureOpenAI(identity, url);
      return async () =>
        (await client.chat.completions.create({ model: "greeter", messages })).choices[0].message.content;
    },
  },
  "the AI SDK": {
    refused: "ai-sdk",
    async create(world, identity, url) {
      const azure = (await world.load("ai-clients")).createAiSdk(identity, url);
      const { generateText } = await import(`${world.folder}/node_modules/ai/dist/index.js`);
      return async () => (await generateText({ model: azure.chat("greeter"), prompt: "Greet", maxRetries: 0 })).text;
    },
  },
  LangChain: {
    refused: "openai",
    async create(world, identity, url) {
      const model = (await world.load("ai-clients")).createLangChain(identity, url, "greeter", { maxRetries: 0 });
      return async () => (await model.invoke("Greet")).content;
    },
  },
  "Claude in Microsoft Foundry": {
    refused: "anthropic",
    scope: "https://ai.azure.com/.default",
    async create(world, identity, url) {
      const client = (await world.load("claude")).createClaude(identity, `${url}/anthropic/`);
      return async () => (await client.messages.create({ model: "greeter", max_tokens: 9, messages })).content[0].text;
    },
  },
};

/** Where the clients look for keys and addresses. */
const variables = [
  ...["AZURE_OPENAI_API_KEY", "OPENAI_API_KEY", "AZURE_API_KEY", "ANTHROPIC_FOUNDRY_API_KEY"],
  ...["AZURE_OPENAI_ENDPOINT", "OPENAI_BASE_URL", "AZURE_RESOURCE_NAME", "ANTHROPIC_FOUNDRY_RESOURCE"],
];

export function testAi(world: () => World): void {
  let server: Server;
  let url: string;
  let known: string;
  beforeAll(async () => {
    server = await startModel(world(), (principal) => principal === known);
    url = `https://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void vi.unstubAllEnvs());
  afterAll(() => {
    server?.close();
    server?.closeAllConnections();
  });

  describe.each(Object.entries(clients))("%s", (_, { refused: refusal, scope = cognitiveServices, create }) => {
    const recipe: ClientRecipe = {
      codeWithoutToken: "invalid-client-secret",
      async createClient(identity, user = world().emulator.application.clientId) {
        known = user;
        const ask = await create(world(), identity, url);
        const { namePrincipal, refused } = await world().load("name-principal");
        const name = namePrincipal(identity, scope, refused[refusal]);
        return {
          async openAtOnce(count) {
            const answers = await Promise.all(Array.from({ length: count }, () => ask().catch(name)));
            for (const answer of answers) expect(answer).toBe("Hello");
          },
          end: async () => undefined,
        };
      },
    };
    testConnections(world, () => recipe);

    it("the token is sent to the given server where environment variables have keys and addresses", async () => {
      for (const name of variables) vi.stubEnv(name, "contoso");
      await using identity = world().createIdentity();
      const client = await recipe.createClient(identity);
      await client.openAtOnce(1);
    });
    testRefusal(world, () => recipe);
  });
}
