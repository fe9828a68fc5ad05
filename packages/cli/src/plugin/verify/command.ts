import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CommandInput } from "../../command-line/description.ts";
import { CommandError, usageError } from "../../errors/command-error.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import type { Finding } from "../../findings/finding.ts";
import { byState } from "../../findings/finding.ts";
import { entryLines, entryOf, type Look } from "../../findings/render-finding.ts";
import type { Host } from "../../host.ts";
import { readProject } from "../../project/find-project.ts";
import { isTrusted, readTrustList, writeTrustList } from "../../project/trust-list.ts";
import { canAsk, createAsk } from "../../prompts/ask.ts";
import { isLive } from "../../terminal/live-area.ts";
import { plainLine } from "../../terminal/plain-text.ts";
import { styleOf } from "../../terminal/style.ts";
import { columnsOf, widthOf } from "../../terminal/width.ts";
import { write, writeJson } from "../../terminal/write.ts";
import { loadPlugin } from "./load-plugin.ts";
import { locatePlugin } from "./locate-plugin.ts";
import { type GivenOptions, verifyPlugin } from "./verify-plugin.ts";

/**
 * Lets the module of a plugin run only when it is trusted as it is now; asks at a terminal.
 *
 * @throws {CommandError} `untrusted-plugin`
 */
async function requireTrust(entry: string, host: Host): Promise<void> {
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

/** Options of sources, from a file of the author. */
function readOptions(file: unknown, { workingDirectory }: Host): GivenOptions {
  if (typeof file !== "string") return {};
  try {
    return Object(JSON.parse(readFileSync(resolve(workingDirectory, file), "utf8"))) as GivenOptions;
  } catch {
    throw usageError(`${file} cannot be read as JSON.`, 'Write options by source: { "team-broker": { "url": "..." } }');
  }
}

/** What was found; tests that have passed share a line for each source. */
function findingLines(findings: readonly Finding[], look: Look): readonly string[] {
  const passed = findings.filter(
    ({ state, subject }) => state === "ok" && subject !== "shape" && subject !== "package.json",
  );
  const counts = Map.groupBy(passed, ({ subject = "" }) => subject);
  const summed = [...counts].map(
    ([subject, all]): Finding => ({ state: "ok", subject, sentence: `${all.length} tests of the contract pass.` }),
  );
  const shown = byState([...findings.filter((finding) => !passed.includes(finding)), ...summed]);
  const column = Math.max(...shown.map(({ subject = "" }) => widthOf(subject))) + 2;
  return shown.flatMap((finding) => {
    const entry = entryOf(finding.subject ?? "", finding);
    return entryLines({ ...entry, remedy: finding.remedy && plainLine(finding.remedy) }, column, look);
  });
}

/** Loads a plugin, and checks its shape, its package and the contract of its sources. */
export async function run(
  { arguments: [path = "."], options }: CommandInput,
  host: Host,
): Promise<ExitCode | undefined> {
  const place = locatePlugin(path, host.workingDirectory);
  const given = readOptions(options.options, host);
  await requireTrust(place.entry, host);
  const findings = await verifyPlugin(await loadPlugin(place.entry), place, given, host.signal);
  const isSound = findings.every(({ state }) => state !== "problem");
  if (options.json === true) await writeJson(host.output, { entry: place.entry, sound: isSound, findings });
  else {
    const look = {
      width: columnsOf(host.output),
      style: styleOf(host.output, host),
      hasSigns: isLive(host.output, host),
    };
    await write(host.output, `${findingLines(findings, look).join("\n")}\n`);
  }
  return isSound ? undefined : exitCodes.failed.code;
}
