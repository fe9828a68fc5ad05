import { isDeepStrictEqual } from "node:util";
import { compare, type Row } from "./compare.ts";
import { app, contoso, scope, secret } from "./directory.ts";
import type { LooseCredential, World } from "./world.ts";

type Copy = (credential: LooseCredential) => LooseCredential;

/** As lodash's `cloneDeep`: properties, symbols included, whose functions stay what they are. */
const deepCopy = <T>(value: T): T => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(deepCopy) as T;
  const copied = Object.create(Object.getPrototypeOf(value));
  for (const key of Reflect.ownKeys(value))
    if (Object.prototype.propertyIsEnumerable.call(value, key)) copied[key] = deepCopy(value[key as keyof T]);
  return copied;
};

const copies = {
  "Object.assign": (credential: LooseCredential) =>
    Object.assign(Object.create(Object.getPrototypeOf(credential)), credential),
  "a spread with its getToken": (credential: LooseCredential) => ({ ...credential, getToken: credential.getToken }),
  Proxy: (credential: LooseCredential) => new Proxy(credential, {}),
  "Object.create": (credential: LooseCredential) => Object.create(credential),
} satisfies Readonly<Record<string, Copy>>;

const application = ({ create, entra }: World, clientSecret = secret) =>
  create("ClientSecretCredential", contoso, app.clientId, clientSecret, entra);
const chain = (world: World) => world.create("ChainedTokenCredential", application(world));

const gets = (what: string, made: (world: World) => LooseCredential, copy: Copy): Row => ({
  behaviour: `A copy of ${what} gets a token`,
  run: async (world) => typeof (await copy(made(world)).getToken(scope)).token,
  expected: "string",
});

compare("Copies of credentials", [
  ...Object.entries(copies).map(([how, copy]) => gets(`an application's credential by ${how}`, application, copy)),
  gets("a chain by Object.assign", chain, copies["Object.assign"]),
  gets("a chain by Proxy", chain, copies.Proxy),
  {
    behaviour: "A deep copy of a chain of developer tools asks its tools",
    async run(world) {
      const { create, install } = world;
      install("az", {
        stdout: { accessToken: "token-of-az", expires_on: 4_000_000_000, expiresOn: "2096-10-02 07:06:40" },
      });
      return (await deepCopy(create("ChainedTokenCredential", create("AzureCliCredential"))).getToken(scope)).token;
    },
    expected: "token-of-az",
  },
  {
    behaviour: "A comparison of properties finds applications with different secrets different",
    run: (world) => isDeepStrictEqual(application(world), application(world, "another")),
    expected: false,
  },
  {
    behaviour: "A comparison of properties finds chains of different applications different",
    run: (world) =>
      isDeepStrictEqual(chain(world), world.create("ChainedTokenCredential", application(world, "another"))),
    expected: false,
  },
  {
    behaviour: "A comparison of properties finds developer tools of different tenants different",
    run: ({ create }) =>
      isDeepStrictEqual(
        create("AzureCliCredential", { tenantId: "one" }),
        create("AzureCliCredential", { tenantId: "two" }),
      ),
    expected: false,
  },
  {
    behaviour: "A comparison of properties of a credential with itself",
    run: (world) => {
      const credential = application(world);
      return isDeepStrictEqual({ credential }, { credential });
    },
    expected: true,
  },
  {
    behaviour: "A comparison of properties of two developer tools with equal settings",
    run: ({ create }) => isDeepStrictEqual(create("AzureCliCredential"), create("AzureCliCredential")),
    expected: true,
    ours: { expected: false, documented: "two credentials of developer tools with equal settings" },
  },
]);
