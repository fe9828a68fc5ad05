import { type Instrumenter, type TracingContext, useInstrumenter } from "@azure/core-tracing";
import { compare, type Row } from "./compare.ts";
import { app, contoso, scope, secret } from "./directory.ts";
import type { World } from "./world.ts";

interface Span {
  readonly name: string;
  readonly packageName: string | undefined;
  readonly parent: unknown;
  readonly status: unknown;
  readonly ended: boolean;
}

const key = Symbol.for("a span of the test");

/** A context, as an instrumenter makes it. */
function contextOf(values: ReadonlyMap<symbol, unknown> = new Map()): TracingContext {
  return {
    setValue: (name, value) => contextOf(new Map([...values, [name, value]])),
    getValue: (name) => values.get(name),
    deleteValue: (name) => contextOf(new Map([...values].filter(([each]) => each !== name))),
  };
}

/** The spans that are made meanwhile. */
async function spansOf(use: (root: TracingContext) => unknown): Promise<readonly Span[]> {
  const spans: { -readonly [K in keyof Span]: Span[K] }[] = [];
  const instrumenter: Instrumenter = {
    startSpan(name, { tracingContext, packageName }) {
      const parent = tracingContext?.getValue(key);
      const span = { name, packageName, parent, status: undefined as unknown, ended: false };
      spans.push(span);
      const made = {
        setStatus: ({ status }: { status: unknown }) => {
          span.status = status;
        },
        end: () => {
          span.ended = true;
        },
        setAttribute: () => undefined,
        recordException: () => undefined,
        addEvent: () => undefined,
        isRecording: () => true,
      };
      return { span: made as never, tracingContext: (tracingContext ?? contextOf()).setValue(key, name) };
    },
    withContext: (_context, callback, ...args) => callback(...args),
    parseTraceparentHeader: () => undefined,
    createRequestHeaders: () => ({}),
  };
  useInstrumenter(instrumenter);
  try {
    await use(contextOf().setValue(key, "the caller"));
  } finally {
    useInstrumenter(undefined as never);
  }
  return spans;
}

const secretCredential = ({ create, entra }: World, given = secret) =>
  create("ClientSecretCredential", contoso, app.clientId, given, entra);
const azSays = { stdout: { accessToken: "t", expires_on: 4_000_000_000 } };

const spanOf = (name: string, make: (world: World) => { getToken(...args: unknown[]): unknown }): Row => ({
  behaviour: `${name}.getToken is a span below that of its caller`,
  async run(world) {
    const spans = await spansOf((tracingContext) =>
      world.failure(() => make(world).getToken(scope, { tracingOptions: { tracingContext } })),
    );
    return spans.filter((span) => span.name === `${name}.getToken`).map(({ parent, ended }) => ({ parent, ended }));
  },
  expected: [{ parent: "the caller", ended: true }],
});

compare("Tracing", [
  {
    behaviour: "A token is a span that succeeds",
    async run(world) {
      const spans = await spansOf(() => secretCredential(world).getToken(scope));
      const { name, packageName, status, ended } = spans[0] ?? {};
      return { name, packageName, status, ended };
    },
    expected: {
      name: "ClientSecretCredential.getToken",
      packageName: "@azure/identity",
      status: "success",
      ended: true,
    },
  },
  {
    behaviour: "An error is a span with the status error",
    async run(world) {
      const spans = await spansOf(() => world.failure(() => secretCredential(world, "wrong").getToken(scope)));
      return spans.filter(({ name }) => name === "ClientSecretCredential.getToken").map(({ status }) => status);
    },
    expected: ["error"],
  },
  spanOf("ClientSecretCredential", secretCredential),
  spanOf("EnvironmentCredential", ({ create }) => create("EnvironmentCredential")),
  spanOf("AzureCliCredential", ({ create, install }) => {
    install("az", azSays);
    return create("AzureCliCredential");
  }),
  spanOf("AzureDeveloperCliCredential", ({ create }) => create("AzureDeveloperCliCredential")),
  spanOf("AzurePowerShellCredential", ({ create }) => create("AzurePowerShellCredential")),
  spanOf("ManagedIdentityCredential", ({ create, env }) => {
    env({ IDENTITY_ENDPOINT: "http://127.0.0.1:1/", IDENTITY_HEADER: "h" });
    return create("ManagedIdentityCredential", { retryOptions: { maxRetries: 0 } });
  }),
  spanOf("ChainedTokenCredential", ({ create }) =>
    create("ChainedTokenCredential", { getToken: async () => ({ token: "t", expiresOnTimestamp: 1 }) }),
  ),
  {
    behaviour: "A member of a chain is a span below that of the chain",
    async run(world) {
      const spans = await spansOf((tracingContext) =>
        world
          .create("ChainedTokenCredential", secretCredential(world))
          .getToken(scope, { tracingOptions: { tracingContext } }),
      );
      return spans.filter(({ name }) => /Credential\.getToken$/.test(name)).map(({ name, parent }) => [name, parent]);
    },
    expected: [
      ["ChainedTokenCredential.getToken", "the caller"],
      ["ClientSecretCredential.getToken", "ChainedTokenCredential.getToken"],
    ],
  },
  {
    behaviour: "A foreign member of a chain gets the context of the chain's span",
    async run(world) {
      let parent: unknown;
      const member = {
        async getToken(_: unknown, options: { tracingOptions?: { tracingContext?: TracingContext } }) {
          parent = options.tracingOptions?.tracingContext?.getValue(key);
          return { token: "t", expiresOnTimestamp: 1 };
        },
      };
      await spansOf((tracingContext) =>
        world.create("ChainedTokenCredential", member).getToken(scope, { tracingOptions: { tracingContext } }),
      );
      return parent;
    },
    expected: "ChainedTokenCredential.getToken",
  },
  {
    behaviour: "DefaultAzureCredential has a span of the chain, and one below it for each credential that it tries",
    async run(world) {
      world.env({ IDENTITY_ENDPOINT: "http://127.0.0.1:1/", IDENTITY_HEADER: "h" });
      world.install("az", azSays);
      const spans = await spansOf((tracingContext) =>
        world.create("DefaultAzureCredential", world.entra).getToken(scope, { tracingOptions: { tracingContext } }),
      );
      const tried = ["ManagedIdentityCredential.getToken", "AzureCliCredential.getToken"];
      return spans
        .filter(({ name }) => name === "ChainedTokenCredential.getToken" || tried.includes(name))
        .map(({ name, parent, status }) => [name, parent, status]);
    },
    expected: [
      ["ChainedTokenCredential.getToken", "the caller", "success"],
      ["ManagedIdentityCredential.getToken", "ChainedTokenCredential.getToken", "error"],
      ["AzureCliCredential.getToken", "ChainedTokenCredential.getToken", "success"],
    ],
    fresh: true,
  },
  {
    behaviour: "EnvironmentCredential has a span of its own, and one of the class that it chooses",
    async run(world) {
      world.env({ AZURE_TENANT_ID: contoso, AZURE_CLIENT_ID: app.clientId, AZURE_CLIENT_SECRET: secret });
      const spans = await spansOf((tracingContext) =>
        world.create("EnvironmentCredential", world.entra).getToken(scope, { tracingOptions: { tracingContext } }),
      );
      return spans
        .filter(({ name }) => /Credential\.getToken$/.test(name))
        .map(({ name, parent, status }) => [name, parent, status]);
    },
    expected: [
      ["EnvironmentCredential.getToken", "the caller", "success"],
      ["ClientSecretCredential.getToken", "EnvironmentCredential.getToken", "success"],
    ],
  },
  {
    behaviour: "EnvironmentCredential has both spans for a token from memory and for an error, too",
    async run(world) {
      const names = (spans: readonly Span[]) =>
        spans
          .filter(({ name }) => /Credential\.getToken$/.test(name))
          .map(({ name, parent, status }) => [name, parent, status]);
      world.env({ AZURE_TENANT_ID: contoso, AZURE_CLIENT_ID: app.clientId, AZURE_CLIENT_SECRET: secret });
      const credential = world.create("EnvironmentCredential", world.entra);
      await credential.getToken(scope);
      const hit = await spansOf((tracingContext) => credential.getToken(scope, { tracingOptions: { tracingContext } }));
      world.env({ AZURE_CLIENT_SECRET: "wrong" });
      const refused = world.create("EnvironmentCredential", world.entra);
      const failed = await spansOf(() => world.failure(() => refused.getToken(scope)));
      return [names(hit), names(failed).map(([name, , status]) => [name, status])];
    },
    expected: [
      [
        ["EnvironmentCredential.getToken", "the caller", "success"],
        ["ClientSecretCredential.getToken", "EnvironmentCredential.getToken", "success"],
      ],
      [
        ["EnvironmentCredential.getToken", "error"],
        ["ClientSecretCredential.getToken", "error"],
      ],
    ],
  },
]);
