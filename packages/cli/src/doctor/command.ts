import type { CommandInput } from "../command-line/description.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { scopeOrManagement } from "../scope/management-scope.ts";
import { createLiveArea, isLive } from "../terminal/live-area.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf } from "../terminal/width.ts";
import { writeJson } from "../terminal/write.ts";
import { askServer, type ServerAnswer } from "./ask-server.ts";
import { checks } from "./checks.ts";
import { conclude, weigh } from "./conclusion.ts";
import type { DoctorContext } from "./doctor-context.ts";
import { createLiveReport } from "./live-report.ts";
import { type Opened, openForDoctor } from "./open.ts";
import { type ReportLook, reportLines } from "./report.ts";
import { reportJson } from "./report-json.ts";
import { type CheckResult, runChecks } from "./run-checks.ts";

function lookOf(host: Host, isVerbose: boolean): ReportLook {
  const { output } = host;
  const hasSigns = isLive(output, host);
  const width = columnsOf(output) - (hasSigns ? 1 : 0); // a live line leaves the last column free
  return { width, style: styleOf(output, host), hasSigns, isVerbose, now: host.now() };
}

function contextOf({ inspection, project, settings, warnings }: Opened, scope: string, host: Host): DoctorContext {
  const { source, chain, tenantId } = settings;
  let server: Promise<ServerAnswer> | undefined;
  return {
    inspection,
    project,
    warnings,
    scope,
    tenantId,
    chain: source === undefined ? chain : [source],
    platform: host.platform,
    server: () => {
      server ??= askServer(inspection.context, host.signal);
      return server;
    },
    signal: host.signal,
  };
}

/** Runs the checks; on a terminal it shows meanwhile which have ended. */
async function showReport(context: DoctorContext, look: ReportLook, host: Host): Promise<readonly CheckResult[]> {
  const area = createLiveArea(host.output, host);
  const names = checks.map(({ name }) => name);
  const chain = context.chain === undefined ? context.inspection.chain.map(({ name }) => name) : [];
  try {
    const results = weigh(await runChecks(checks, context, createLiveReport({ names, chain }, area, look)));
    area.done(reportLines(results, context.scope, look));
    return results;
  } catch (error) {
    area.done([]); // shows the cursor again
    throw error;
  }
}

const nothing = { onFinding: () => {}, onEnd: () => {} };

/** Looks at everything that decides which identity a program gets, and says what to do first. */
export async function run(input: CommandInput, host: Host): Promise<ExitCode> {
  const { options } = input;
  const scopeOf = scopeOrManagement(options.scope);
  const opened = await openForDoctor(host, input);
  try {
    const scope = scopeOf(opened.inspection.context);
    const context = contextOf(opened, scope, host);
    const results =
      options.json === true
        ? weigh(await runChecks(checks, context, nothing))
        : await showReport(context, lookOf(host, options.verbose === true), host);
    if (options.json === true) await writeJson(host.output, reportJson(results, scope));
    return exitCodes[conclude(results, scope).exit].code;
  } finally {
    await opened.close();
  }
}
