import { byState, type Finding } from "../../findings/finding.ts";
import { entryLines, entryOf, type Look } from "../../findings/render-finding.ts";
import { plainLine } from "../../terminal/plain-text.ts";
import { widthOf } from "../../terminal/width.ts";

/** What was found; tests that have passed share a line for each source. */
export function findingLines(findings: readonly Finding[], look: Look): readonly string[] {
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
