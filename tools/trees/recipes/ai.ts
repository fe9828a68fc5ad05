/** docs/recipes/ai.md, against a double of the API that checks the token. */
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Identity } from "@azidentity/core";
import type { ServerCertificate } from "@azidentity/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type ClientRecipe,
  type Start,
  testConnections,
  testOutage,
  testRefusal,
  testSilence,
} from "./client-suite.ts";
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

type Accepts = (token: string, audience: string) => boolean;

/** Answers each chat with a greeting, if the token is accepted. */
async function startModel({ certificate, key }: ServerCertificate, accepts: Accepts): Promise<Server> {
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const answer = answers.find(({ path }) => request.url?.includes(path));
    const isValid = answer !== undefined && accepts(token, answer.audience);
    request.resume();
    response.writeHead(isValid ? 200 : 401, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify(isValid ? answer.body : { error: { code: "401", message: "The token is not valid." } }),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

const startForClient: Start = async (certificate, accepts) => {
  const server = await startModel(certificate, accepts);
  return {
    port: portOf(server),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
};

const messages = [{ role: "user", content: "Greet" }];
const cognitiveServices = "https://cognitiveservices.azure.com/.default";

interface Limits {
  readonly timeout: number;
  readonly maxRetries: number;
}

interface AiClient {
  /** The one in the table of `name-principal.ts`. */
  readonly refused: string;
  /** Default: Cognitive Services */
  readonly scope?: string;
  /**
   * Resolves with what asks for the text of the answer.
   *
   * @param limits For one try
   */
  create(world: World, identity: Identity, url: string, limits?: Limits): Promise<() => Promise<string>>;
}

const clients: Readonly<Record<string, AiClient>> = {
  openai: {
    refused: "openai",
    async create(world, identity, url, limits) {
      const client = (await world.load("ai-clients")).createOpenAI(identity, url, limits);
      return async () =>
        (await client.chat.completions.create({ model: "greeter", messages })).choices[0].message.content;
    },
  },
  "openai with versions of the API": {
    refused: "openai",
    async create(world, identity, url, limits) {
      const client = (await world.load("ai-clients")).createAzureOpenAI(identity, url, limits);
      return async () =>
        (await client.chat.completions.create({ model: "greeter", messages })).choices[0].message.content;
    },
  },
  "the AI SDK": {
    refused: "ai-sdk",
    async create(world, identity, url, limits) {
      const azure = (await world.load("ai-clients")).createAiSdk(identity, url);
      const { generateText } = await import(`${world.folder}/node_modules/ai/dist/index.js`);
      const settings = { model: azure.chat("greeter"), prompt: "Greet", maxRetries: 0, ...limits };
      return async () => (await generateText(settings)).text;
    },
  },
  LangChain: {
    refused: "openai",
    async create(world, identity, url, limits) {
      const settings = { maxRetries: 0, ...limits };
      const model = (await world.load("ai-clients")).createLangChain(identity, url, "greeter", settings);
      return async () => (await model.invoke("Greet")).content;
    },
  },
  "Claude in Microsoft Foundry": {
    refused: "anthropic",
    scope: "https://ai.azure.com/.default",
    async create(world, identity, url, limits) {
      const client = (await world.load("claude")).createClaude(identity, `${url}/anthropic/`, limits);
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
    const { emulator, verify } = world();
    server = await startModel(emulator.serverCertificate, (token, audience) => verify(token, audience) === known);
    url = `https://localhost:${portOf(server)}`;
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
    testOutage(world, () => recipe);
    testSilence(world, startForClient, async (identity, port, timeout = 0) => {
      await (await create(world(), identity, `https://localhost:${port}`, { timeout, maxRetries: 0 }))();
    });

    it("the token is sent to the given server where environment variables have keys and addresses", async () => {
      for (const name of variables) vi.stubEnv(name, "contoso");
      await using identity = world().createIdentity();
      const client = await recipe.createClient(identity);
      await client.openAtOnce(1);
    });
    testRefusal(world, () => recipe);
  });

  it("a server that does not answer is given up sooner than by default", async () => {
    await using identity = world().createIdentity();
    const { createOpenAI, createAzureOpenAI, createLangChain } = await world().load("ai-clients");
    const { createClaude } = await world().load("claude");
    const model = createLangChain(identity, url, "greeter");
    const clients = [createOpenAI(identity, url), createAzureOpenAI(identity, url), createClaude(identity, url), model];
    expect(clients.map(({ timeout }) => timeout)).toEqual([120_000, 120_000, 120_000, 120_000]);
    expect(model.caller.maxRetries).toBe(2);
  });
}
