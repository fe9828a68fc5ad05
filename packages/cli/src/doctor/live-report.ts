import { byState } from "../findings/finding.ts";
import { entryLines, isNarrow } from "../findings/render-finding.ts";
import type { LiveArea } from "../terminal/live-area.ts";
import { checkLines, nameWidth, type ReportLook } from "./report.ts";
import type { CheckResult, Progress } from "./run-checks.ts";

/**
 * The lines of a check that has ended; short where room is scarce, because all have to fit while
 * they are redrawn.
 */
function endedLines(result: CheckResult, look: ReportLook): readonly string[] {
  const [first] = byState(result.findings);
  if (!isNarrow(look) || first === undefined) return checkLines(result, look);
  return entryLines({ mark: first.state, name: "", text: result.name }, 0, look);
}

/** How far the checks are. */
interface Running {
  /** Those of the list that have ended; a name alone stands for one that has not. */
  readonly results: readonly (CheckResult | string)[];
  /** The source that is being asked. */
  readonly asking: string | undefined;
}

/** The lines while checks run. */
function runningLines({ results, asking }: Running, look: ReportLook): readonly string[] {
  return [
    look.style.bold("Looking at this machine ..."),
    "",
    ...results.flatMap((result) => {
      if (typeof result !== "string" && result.name !== "sources") return endedLines(result, look);
      const name = typeof result === "string" ? result : result.name;
      const text = name === "sources" && asking !== undefined ? `asking ${asking}` : "";
      return isNarrow(look)
        ? entryLines({ mark: "running", name: "", text: text === "" ? name : text }, 0, look)
        : entryLines({ mark: "running", name, text }, nameWidth, look);
    }),
  ];
}

/** What a live report is about. */
export interface LiveSubject {
  /** Names of the checks. */
  readonly names: readonly string[];
  /** Names of the sources of the chain; empty where they are not known. */
  readonly chain: readonly string[];
}

/** Shows on a terminal which checks have ended, and which source is being asked. */
export function createLiveReport({ names, chain }: LiveSubject, area: LiveArea, look: ReportLook): Progress {
  const ended = new Map<string, CheckResult>();
  const asked: (string | undefined)[] = [];
  const update = () => {
    const results = names.map((name) => ended.get(name) ?? name);
    const asking = chain.find((name) => !asked.includes(name));
    area.update(runningLines({ results, asking }, look));
  };
  update();
  return {
    onFinding(_, { subject }) {
      asked.push(subject);
      update();
    },
    onEnd(result) {
      ended.set(result.name, result);
      update();
    },
  };
}
