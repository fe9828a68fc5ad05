import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { findHabits } from "./find-habits.ts";
import { habits } from "./habits.ts";

const head = 'import { DefaultAzureCredential } from "@azure/identity";\n';
const namesIn = (code: string) => [...new Set(findHabits(head + code).map(({ habit }) => habit.name))];

it.each([
  ["deep-import", 'import { MsalClient } from "@azure/identity/dist/esm/msal/nodeFlows/msalClient.js";'],
  ["deep-import", 'const { x } = require("@azure/identity/dist/index");'],
  ["deep-import", '"^@azure/identity$": "<rootDir>/node_modules/@azure/identity/dist/browser/index.js"'],
  ["changed-prototype", "ClientSecretCredential.prototype.authenticate = async () => undefined;"],
  ["changed-prototype", 'jest.spyOn(DefaultAzureCredential.prototype, "getTokenSilent")'],
  ["private-member", "(credential as any).msalClient.getToken()"],
  ["private-member", 'chain["_sources"]'],
  ["plugin-of-your-own", "useIdentityPlugin(myPlugin);"],
  ["broker-plugin", "useIdentityPlugin(nativeBrokerPlugin);"],
  ["persistent-cache", "const options = { tokenCachePersistenceOptions: { enabled: true } };"],
  ["option-without-effect", "new ClientSecretCredential(t, c, s, { redirectOptions: { maxRetries: 3 } });"],
  ["redirect-uri", 'new InteractiveBrowserCredential({ clientId, redirectUri: "http://localhost:3000" });'],
  ["tls-options", "new ClientSecretCredential(t, c, s, { tlsOptions: { key } });"],
  ["agent", "new ClientSecretCredential(t, c, s, { agent });"],
  ["own-http-client", "new DefaultAzureCredential({\n  httpClient: own,\n});"],
  ["adfs", 'new ClientSecretCredential("adfs", id, secret);'],
  ["china", "authorityHost: AzureAuthorityHosts.AzureChina"],
])("%s is found in: %s", (name, code) => {
  expect(namesIn(code)).toEqual([name]);
});

it.each([
  'import identity from "@azure/identity/package.json";',
  'const path = "node_modules/@azure/identity/dist/commonjs/index.js";',
  'vi.spyOn(DefaultAzureCredential.prototype, "getToken");',
  "DefaultAzureCredential.prototype.getToken = async () => token;",
  "useIdentityPlugin(cachePersistencePlugin);",
  "// new ClientSecretCredential(t, c, s, { agent })",
  "/* credential.msalClient */",
  "fetch(url, { agent });",
  "const userAgent = { agentName: 1 };",
  'new DefaultAzureCredential({ tenantId: "contoso.com" });',
])("nothing is found in: %s", (code) => {
  expect(namesIn(code)).toEqual([]);
});

it("a file that does not mention the package has no habits", () => {
  expect(findHabits("chain._sources; useIdentityPlugin(x)")).toEqual([]);
});

it("lines are counted from the top of the file, also after comments and templates", () => {
  const code = `/*\n*/ const text = \`\n// not a comment\n\`;\ncredential.msalClient;`;
  expect(findHabits(head + code).map(({ line }) => line)).toEqual([6]);
});

it("text that never ends takes no longer than other text", () => {
  for (const part of ["/*", "`", '"', "'", "new XCredential(", "//", "@azure/identity/"]) {
    const found = findHabits(head + part.repeat(200_000 / part.length));
    expect(found.length).toBeLessThan(50);
  }
});

it("every habit leads to a section that docs/migrating.md has", async () => {
  const page = await readFile(new URL("../../../../../docs/migrating.md", import.meta.url), "utf8");
  const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title = ""]) => title.toLowerCase().replaceAll(" ", "-"));
  for (const { section } of habits) expect(sections).toContain(section);
});
