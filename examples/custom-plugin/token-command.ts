import { defineOptions, definePlugin, defineSource, outcomeError, redact, subprocesses } from "@azidentity/core/plugin";

/**
 * Gets tokens from a command, such as a company's sign-in tool. The command prints JSON in the form
 * of `az account get-access-token`: `{ "accessToken": "...", "expiresOn": "2027-01-31T12:00:00Z"
 * }`.
 */
const tokenCommand = defineSource({
  name: "token-command",
  kind: "developer",
  tenantPolicy: "fixed", // the command knows its tenant
  options: defineOptions({
    command: { type: "array", items: { type: "string" }, required: true, description: "{scope} is replaced." },
  }),
  subject: ({ command }) => command.join(" "),
  create: ({ command: [program = "", ...args] }, { commands }) => ({
    async getToken({ scopes, signal }) {
      const file = commands.find(program);
      const remedy = `Install ${program}, or remove it from the chain.`;
      if (file === undefined) throw outcomeError("not-installed", `${program} is not on PATH.`, { remedy });
      const filled = args.map((arg) => arg.replaceAll("{scope}", scopes.join(" ")));
      const { exitCode, stdout, stderr } = await commands.run(file, filled, {}, signal);
      const text = `${program} printed no token (exit code ${exitCode}): ${redact(stderr)}`;
      if (!stdout.startsWith("{")) throw outcomeError("not-signed-in", text, { remedy: `Sign in with ${program}.` });
      const { accessToken, expiresOn } = JSON.parse(stdout);
      return { token: accessToken, expiresOnTimestamp: Date.parse(expiresOn), tokenType: "Bearer" };
    },
  }),
});

export default definePlugin({ name: "token-command", sources: [tokenCommand], services: [subprocesses] });
