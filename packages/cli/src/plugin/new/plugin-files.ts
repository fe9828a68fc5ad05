import type { PluginNames } from "./plugin-name.ts";

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

function manifest({ packageName, source }: PluginNames, coreVersion: string): string {
  const core = { "@azidentity/core": `^${coreVersion}` };
  return json({
    name: packageName,
    version: "0.1.0",
    description: `The source ${source} for azidentity.`,
    keywords: ["azidentity-plugin"],
    license: "MIT",
    type: "module",
    sideEffects: false,
    engines: { node: ">=22.18" },
    files: ["dist"],
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    scripts: { build: "tsc", test: 'node --test "src/**/*.test.ts"', prepack: "tsc" },
    peerDependencies: core,
    devDependencies: { ...core, "@types/node": "^22.18.0", typescript: "^5.9.0" },
  });
}

const compilerOptions = json({
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    skipLibCheck: true,
    types: ["node"],
    rootDir: "src",
    outDir: "dist",
  },
  include: ["src"],
  exclude: ["src/**/*.test.ts"],
});

const module = ({
  packageName,
  source,
  variable,
}: PluginNames) => `import { defineOptions, definePlugin, defineSource, outcomeError, parseJsonObject } from "@azidentity/core/plugin";

const options = defineOptions({
  url: {
    type: "string",
    required: true,
    form: { pattern: /^https:/, expected: "an https URL" },
    description: "URL of the service that issues tokens.",
  },
  key: { type: "string", required: true, secret: true, description: "Authenticates this program to the service." },
});

/** What the service answers: \`{ "token": "...", "seconds": 3600 }\`. */
function readAnswer(body: string): { readonly token: string; readonly seconds: number } {
  const { token, seconds } = parseJsonObject(body) ?? {};
  if (typeof token === "string" && typeof seconds === "number") return { token, seconds };
  throw outcomeError("failed", "${source}: the answer of the service has no token.", {
    remedy: "Check \`url\`, and which program answers there.",
  });
}

export const ${variable} = defineSource({
  name: "${source}",
  kind: "deployed", // or "developer", "interactive": docs/write-a-plugin.md
  tenantPolicy: "fixed",
  options,
  detect: ({ url }) => ({ state: "ready", reason: \`The service is at \${url}.\` }),
  subject: ({ url }) => url,
  create: ({ url, key }, { http, clock, retry }) => ({
    getToken: (request) =>
      retry(
        { statuses: [0, 503], delaysMs: [1_000, 2_000] },
        async () => {
          const body = JSON.stringify({ key, scope: request.scopes[0] });
          const response = await http.send({ method: "POST", url, body }, request.signal);
          if (response.status !== 200) {
            throw outcomeError("rejected", \`${source}: the service answered \${response.status}.\`, {
              statusCode: response.status,
              remedy: "Check \`key\`, and whether the service allows this scope.",
            });
          }
          const { token, seconds } = readAnswer(response.body);
          return { token, expiresOnTimestamp: clock.now() + seconds * 1_000, tokenType: "Bearer" };
        },
        request,
      ),
  }),
});

export default definePlugin({ name: "${packageName}", sources: [${variable}] });
`;

const test = ({ source, variable }: PluginNames) => `import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createIdentity } from "@azidentity/core";
import { createFakeHttp, testCredentialSource } from "@azidentity/core/testing";
import plugin, { ${variable} } from "./index.ts";

const answer = { body: '{ "token": "T", "seconds": 3600 }' };
const options = { url: "https://tokens.test", key: "easy-to-find-secret" };

describe("the contract of ${source}", () => {
  testCredentialSource({ it }, { source: ${variable}, options, working: () => ({ http: createFakeHttp(answer) }) });
});

describe("${source}", () => {
  it("sends the key and the scope, and returns the token", async () => {
    const http = createFakeHttp(answer);
    const identity = createIdentity({ config: false, plugins: [plugin] }, { http, env: {} });
    const { token } = await identity.credential("${source}", options).getToken("https://vault.azure.net/.default");
    await identity.close();
    assert.equal(token, "T");
    const body = JSON.parse(http.requests[0]?.body ?? "");
    assert.deepEqual(body, { key: options.key, scope: "https://vault.azure.net/.default" });
  });
});
`;

const readme = ({ packageName, source }: PluginNames) => `# ${packageName}

The credential source \`${source}\` for [azidentity](https://www.npmjs.com/package/@azidentity/core).

\`\`\`ts
// azidentity.config.ts
import { defineConfig } from "@azidentity/core";
import plugin from "${packageName}";

export default defineConfig({
  plugins: [plugin],
  chain: ["${source}"],
  sources: { "${source}": { url: "https://tokens.example", key: { env: "TOKEN_SERVICE_KEY" } } },
});
\`\`\`

\`\`\`sh
npm install
npm test
npm run build
npx azid plugin verify
\`\`\`
`;

/**
 * The files of a new plugin by their paths in its folder; it passes the contract before anything is
 * changed.
 */
export function pluginFiles(names: PluginNames, coreVersion: string): Readonly<Record<string, string>> {
  return {
    "package.json": manifest(names, coreVersion),
    "tsconfig.json": compilerOptions,
    "src/index.ts": module(names),
    "src/index.test.ts": test(names),
    "README.md": readme(names),
    ".gitignore": "node_modules\ndist\n",
  };
}
