import type { Finding } from "../../findings/finding.ts";
import type { DoctorContext } from "../doctor-context.ts";

/** `a`, `a and 2 others`. */
const named = (names: readonly string[]) => names.join(", ");

/** Which plugins are loaded, and in which versions. */
export async function plugins({ inspection, project }: DoctorContext): Promise<readonly Finding[]> {
  const loaded = inspection.plugins.map(({ name }) => ({ name, version: project.versions[name] }));
  if (loaded.length === 0) {
    const remedy = "Name one in `plugins` of the config, such as @azidentity/plugin-entra.";
    return [
      { state: "problem", sentence: "No plugin is loaded, so there are no sources.", remedy, code: "no-plugins" },
    ];
  }
  const byVersion = Map.groupBy(loaded, ({ version }) => version ?? "unknown version");
  return [...byVersion].map(([version, group]) => ({
    state: "ok",
    sentence: `${named(group.map(({ name }) => name.replace("@azidentity/plugin-", "")))} ${version}`,
  }));
}
