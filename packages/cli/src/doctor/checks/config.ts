import type { Finding } from "../../findings/finding.ts";
import type { DoctorContext } from "../doctor-context.ts";

function usedConfig({ project, inspection }: DoctorContext): Finding {
  const { configFile, untrusted, nearMiss } = project;
  if (nearMiss !== undefined) {
    const remedy = `If it is the config of this project, ${nearMiss.remedy}.`;
    return { state: "warning", sentence: `${nearMiss.file} is not read.`, remedy, code: "config-near-miss" };
  }
  if (configFile === undefined) return { state: "ok", sentence: "There is none here: the plugins of azid are used." };
  if (untrusted.length > 0) {
    const sentence = `${configFile} is not used, because it has not been trusted as it is now (${untrusted.join("; ")}).`;
    return { state: "problem", sentence, remedy: "Look at it, then run: azid trust", code: "untrusted-config" };
  }
  const { profile, mode } = inspection.settings;
  const more = [profile && `profile ${profile}`, mode && `mode ${mode}`].filter(Boolean).join(", ");
  return { state: "ok", sentence: more === "" ? configFile : `${configFile} (${more})` };
}

/** Which config decides, whether it is trusted, and what was noticed while it was read. */
export async function config(context: DoctorContext): Promise<readonly Finding[]> {
  const { error } = context.project;
  const broken = error && {
    state: "problem" as const,
    sentence: error.problem,
    remedy: error.remedy,
    code: error.code,
  };
  const first: Finding = broken ?? usedConfig(context);
  return [first, ...context.warnings.map((sentence): Finding => ({ state: "warning", sentence }))];
}
