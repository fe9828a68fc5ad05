import { mock } from "node:test";
import { vi } from "vitest";
import { compare, type Row } from "./compare.ts";
import { scope } from "./directory.ts";
import type { Identity } from "./implementations.ts";
import type { World } from "./world.ts";

const token = { token: "a-double", expiresOnTimestamp: 4_000_000_000_000 };
type Double = () => Promise<typeof token>;
const double: Double = async () => token;

const names = [
  "DefaultAzureCredential",
  "ManagedIdentityCredential",
  "AzureCliCredential",
  "EnvironmentCredential",
  "DeviceCodeCredential",
  "ChainedTokenCredential",
] as const;
type Name = (typeof names)[number];
type Methods = { getToken: Double };
const prototypeOf = (identity: Identity, name: Name) => identity[name].prototype as unknown as Methods;
const tokenOf = ({ create }: World, name: Name) => create(name).getToken(scope);

/** Each kind of double on the prototype; what it returns takes the double away. */
const doubles: Readonly<Record<string, (owner: Methods) => () => void>> = {
  "vi.spyOn": (owner) => {
    const spy = vi.spyOn(owner, "getToken").mockImplementation(double);
    return () => spy.mockRestore();
  },
  'vi.spyOn with "get"': (owner) => {
    const spy = vi.spyOn(owner as { readonly getToken: object }, "getToken", "get").mockReturnValue(double);
    return () => spy.mockRestore();
  },
  "mock.method of node:test": (owner) => {
    const method = mock.method(owner, "getToken", double);
    return () => method.mock.restore();
  },
  "an assignment": (owner) => {
    const own = Object.getOwnPropertyDescriptor(owner, "getToken");
    owner.getToken = double;
    return () => {
      if (own) Object.defineProperty(owner, "getToken", own);
      else Reflect.deleteProperty(owner, "getToken");
    };
  },
  "Object.defineProperty": (owner) => {
    const own = Object.getOwnPropertyDescriptor(owner, "getToken");
    Object.defineProperty(owner, "getToken", { value: double, configurable: true, writable: true });
    return () => {
      if (own) Object.defineProperty(owner, "getToken", own);
      else Reflect.deleteProperty(owner, "getToken");
    };
  },
};

const onPrototypes = names.flatMap((name) =>
  Object.entries(doubles).map(
    ([what, replace]): Row => ({
      behaviour: `${what} replaces getToken on ${name}.prototype`,
      async run(world) {
        const owner = prototypeOf(world.identity, name);
        const restore = replace(owner);
        try {
          return (await tokenOf(world, name)).token;
        } finally {
          restore();
        }
      },
      expected: "a-double",
    }),
  ),
);

compare("Test doubles", [
  // before a double on DefaultAzureCredential.prototype, because vitest leaves a method of its own
  // there
  {
    behaviour: "A spy on ChainedTokenCredential.prototype is one of DefaultAzureCredential",
    async run(world) {
      const spy = vi
        .spyOn(prototypeOf(world.identity, "ChainedTokenCredential"), "getToken")
        .mockImplementation(double);
      const { token } = await tokenOf(world, "DefaultAzureCredential");
      const { length } = spy.mock.calls;
      spy.mockRestore();
      return [token, length];
    },
    expected: ["a-double", 1],
  },
  ...onPrototypes,
  {
    behaviour: "A spy on the prototype without implementation sees the calls",
    async run(world) {
      const spy = vi.spyOn(prototypeOf(world.identity, "EnvironmentCredential"), "getToken");
      await world.failure(() => tokenOf(world, "EnvironmentCredential"));
      const { calls } = spy.mock;
      spy.mockRestore();
      return calls;
    },
    expected: [[scope]],
  },
  {
    behaviour: "A spy on an instance replaces its getToken alone",
    async run(world) {
      const [one, two] = [world.create("EnvironmentCredential"), world.create("EnvironmentCredential")];
      vi.spyOn(one, "getToken").mockResolvedValue(token);
      const other = await world.failure(() => two.getToken(scope));
      return [(await one.getToken(scope)).token, typeof other === "object" && other.name];
    },
    expected: ["a-double", "CredentialUnavailableError"],
  },
  {
    behaviour: "A double on a member's prototype is asked by a chain",
    async run(world) {
      const spy = vi.spyOn(prototypeOf(world.identity, "AzureCliCredential"), "getToken").mockImplementation(double);
      const chain = world.create(
        "ChainedTokenCredential",
        world.create("EnvironmentCredential"),
        world.create("AzureCliCredential"),
      );
      const result = await chain.getToken(scope);
      spy.mockRestore();
      return result.token;
    },
    expected: "a-double",
  },
  {
    behaviour: "DefaultAzureCredential and a double on the prototype of a member's class",
    async run(world) {
      world.env({ AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" });
      const spy = vi.spyOn(prototypeOf(world.identity, "AzureCliCredential"), "getToken").mockImplementation(double);
      const credential = world.create("DefaultAzureCredential");
      const outcome = await credential.getToken(scope).then(
        (result) => result.token,
        (error: Error) => error.name,
      );
      spy.mockRestore();
      return outcome;
    },
    expected: "a-double",
    ours: { expected: "AggregateAuthenticationError", documented: "a test double of the class of a member" },
  },
  ...names.map(
    (name): Row => ({
      behaviour: `Object.create(${name}.prototype) is an instance without constructor`,
      run({ identity }) {
        const instance = Object.create(identity[name].prototype) as object;
        return [instance instanceof identity[name], JSON.stringify(instance), String(instance)];
      },
      expected: [true, "{}", "[object Object]"],
    }),
  ),
  ...names.map(
    (name): Row => ({
      behaviour: `The methods of ${name} can be listed and replaced as an automock does`,
      run({ identity }) {
        const mocked: string[] = [];
        for (
          let owner = identity[name].prototype as object;
          owner !== Object.prototype;
          owner = Object.getPrototypeOf(owner)
        ) {
          for (const key of Reflect.ownKeys(owner)) {
            const { value, get, set } = Object.getOwnPropertyDescriptor(owner, key) ?? {};
            if (get || set) mocked.push(`accessor ${String(key)}`);
            else if (typeof value === "function" && key === "getToken") mocked.push(key);
          }
        }
        return [...new Set(mocked)];
      },
      expected: ["getToken"],
    }),
  ),
]);
