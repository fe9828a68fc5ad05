import {
  defineOptions,
  defineSource,
  type IdentityError,
  type IssuedToken,
  outcomeError,
  relabelError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { checkedCredential } from "../acquisition/checked-credential.ts";
import { homeTenant, tenantOption } from "../acquisition/tenant-option.ts";
import { requestDocument } from "../contract/request.ts";
import { depthVariable, programEnvironment } from "./environment.ts";
import { detectProgram, requireProgram } from "./program.ts";
import { readResult } from "./read-result.ts";

/** What every system can pass to a program. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const plainText = { pattern: /^[^\0-\x1f\x7f-\x9f]*$/, expected: "a text without control characters" };

const options = defineOptions({
  ...tenantOption,
  program: {
    type: "string",
    required: true,
    form: {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
      pattern: /^(?:\/|[A-Za-z]:[\\/]|\\\\[^\\])[^\0-\x1f\x7f-\x9f]*$|^[^\\/:\0-\x1f\x7f-\x9f]+$/,
      expected: "an absolute path, or the name of a program on PATH",
    },
    description: "The program, by absolute path or by its name on PATH. Run without a shell.",
  },
  args: {
    type: "array",
    items: { type: "string", form: plainText },
    description: "Its arguments, passed as they are. Default none.",
  },
  passVariables: {
    type: "array",
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
    items: { type: "string", form: { pattern: /^[^=\0-\x1f\x7f-\x9f]+$/, expected: "the name of a variable" } },
    description: "Names of variables that it gets besides those of docs/exec.md. Default none.",
  },
});

interface ExecOptions {
  readonly program: string;
  readonly args?: readonly string[] | undefined;
  readonly passVariables?: readonly string[] | undefined;
}

function nested(): IdentityError {
  const problem = `exec: This process was run to give a token (${depthVariable} is set), so it runs no other program for one.`;
  const remedy = "Let the program use another source: azid token --source azure-cli";
  return outcomeError("misconfigured", problem, { code: "nested-program", remedy });
}

/** Names of variables whose values are no secrets, so that a program's error may show them. */
const publicName = /_(?:ID|NAME|URL|URI|HOST|ENDPOINT|FILE|PATH|DIR|DIRECTORY)$/i;

/** What keeps a program from running, as an error of the source. */
function notRun(error: unknown): unknown {
  // an argument that cmd.exe would interpret
  if (error instanceof TypeError)
    return outcomeError("misconfigured", `exec: ${error.message}`, {
      remedy: "Name an .exe file, or write the arguments into the batch file.",
    });
  return relabelError(error, "exec", (own) => own);
}

async function runProgram(
  { program, args = [], passVariables = [] }: ExecOptions,
  context: SourceContext,
  request: TokenRequest,
  tenantId: string | undefined,
): Promise<IssuedToken> {
  const { env, commands } = context;
  if (env[depthVariable] !== undefined) throw nested();
  const file = requireProgram(program, context);
  const run = {
    env: programEnvironment(env, passVariables, request, tenantId),
    clearEnv: true,
    input: `${requestDocument(request, tenantId)}\n`,
  };
  const result = await commands.run(file, args, run, request.signal).catch((error: unknown) => {
    throw request.signal.aborted ? error : notRun(error);
  });
  const secrets = passVariables.flatMap((name) => (publicName.test(name) ? [] : (env[name] ?? [])));
  return readResult({ file, request, secrets }, result);
}

/** Tokens of a program that prints them (docs/exec.md). */
export const exec = defineSource({
  name: "exec",
  kind: "deployed",
  tenantPolicy: "any",
  homeTenant,
  options,
  detect: ({ program }, context) => detectProgram(program, context),
  subject: () => undefined, // the program decides, so that its tokens go to no store
  create: (own, context) =>
    checkedCredential("exec", own, context, (request, tenantId) => runProgram(own, context, request, tenantId)),
});
