import { CommandError } from "../../errors/command-error.ts";
import type { Host } from "../../host.ts";
import { readProject } from "../../project/find-project.ts";
import { isTrusted, readTrustList, writeTrustList } from "../../project/trust-list.ts";
import { canAsk, createAsk } from "../../prompts/ask.ts";
import { plainLine } from "../../terminal/plain-text.ts";

/**
 * Lets the module of a plugin run only when it is trusted as it is now; asks at a terminal.
 *
 * @throws {CommandError} `untrusted-plugin`
 */
export async function requireTrust(entry: string, host: Host): Promise<void> {
  const project = await readProject(entry);
  const trusted = readTrustList(host);
  if (isTrusted(project, trusted)) return;
  const isAllowed =
    canAsk(host) &&
    (await (await createAsk(host, "")).confirm(`${plainLine(entry)} will be run. Trust it as it is now?`));
  if (!isAllowed) {
    const remedy = `Look at it, then run: azid trust --config ${plainLine(entry)}`;
    throw new CommandError("untrusted-plugin", `${entry} has not been trusted as it is now.`, {
      remedy,
      exit: "untrusted",
    });
  }
  const trustedAt = new Date(host.now()).toISOString();
  writeTrustList({ ...trusted, [entry]: { hashes: project.hashes, trustedAt } }, host);
}
