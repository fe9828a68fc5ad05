import type { CommandInput } from "../command-line/description.ts";
import { CommandError } from "../errors/command-error.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { findConfig, type Project, readProject } from "../project/find-project.ts";
import { isTrusted, readTrustList, type TrustList, writeTrustList } from "../project/trust-list.ts";
import { createAsk } from "../prompts/ask.ts";
import { plainLine } from "../terminal/plain-text.ts";
import { say } from "../terminal/say.ts";
import { styleOf } from "../terminal/style.ts";
import { writeLine } from "../terminal/write.ts";

/** The config that the command is about. */
function requiredConfig(host: Host, config: unknown): string {
  const file = findConfig(host, typeof config === "string" ? config : undefined);
  if (file !== undefined) return file;
  throw new CommandError("no-config", "There is no config in this folder or above it, so there is nothing to trust.", {
    remedy: "Run it in the folder of the project, or name the config: azid trust --config FILE",
    exit: "usage",
  });
}

/** What would run, and the files that count. */
function describe({ file, code, hashes }: Project, host: Host): string {
  const { bold, dim } = styleOf(host.errorOutput, host);
  const files = Object.keys(hashes).map((path) => `  ${dim(plainLine(path))}`);
  return [
    `${bold(plainLine(file))} needs trust for:`,
    ...code.map(({ what }) => `- ${plainLine(what)}`),
    "Files:",
    ...files,
  ].join("\n");
}

async function list(trusted: TrustList, host: Host): Promise<undefined> {
  for (const [file, { trustedAt }] of Object.entries(trusted))
    await writeLine(host.output, `${trustedAt}  ${plainLine(file)}`);
}

async function forget(file: string, trusted: TrustList, host: Host): Promise<undefined> {
  const { [file]: found, ...others } = trusted;
  if (found !== undefined) writeTrustList(others, host);
  await say(host, `${plainLine(file)} ${found === undefined ? "was not trusted" : "is no longer trusted"}.`);
}

/** Shows what the config of this folder would run, and stores that the user trusts it. */
export async function run({ options }: CommandInput, host: Host): Promise<ExitCode | undefined> {
  const trusted = readTrustList(host);
  if (options.list === true) return list(trusted, host);
  const file = requiredConfig(host, options.config);
  if (options.forget === true) return forget(file, trusted, host);
  const project = await readProject(file);
  if (project.code.length === 0) {
    await say(host, `${plainLine(file)} needs no trust: it runs no code.`);
    return undefined;
  }
  if (isTrusted(project, trusted)) {
    await say(host, `${plainLine(file)} is trusted as it is.`);
    return undefined;
  }
  await say(host, describe(project, host));
  if (options.yes !== true) {
    const ask = await createAsk(host, "Look at what is listed, then run: azid trust --yes");
    if (!(await ask.confirm("Trust these files as they are now?"))) return exitCodes.untrusted.code;
  }
  const entry = { hashes: project.hashes, trustedAt: new Date(host.now()).toISOString() };
  writeTrustList({ ...trusted, [file]: entry }, host);
  await say(host, `${plainLine(file)} is trusted until one of these files changes.`);
  return undefined;
}
