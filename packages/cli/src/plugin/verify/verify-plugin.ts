import type { IdentityPlugin } from "@azidentity/core";
import { services } from "@azidentity/core/plugin";
import type { Finding } from "../../findings/finding.ts";
import { checkManifest } from "./check-manifest.ts";
import { checkShape } from "./check-shape.ts";
import { checkSource } from "./check-source.ts";
import type { PluginPlace } from "./locate-plugin.ts";
import type { GivenOptions } from "./read-options.ts";

/** Services that the contract kit tests with a system of the author. */
function checkServices({ services: provided = [] }: IdentityPlugin): readonly Finding[] {
  return provided
    .filter(({ token }) => token === services.tokenStore)
    .map(({ name }) => ({
      state: "skipped",
      subject: name,
      sentence: "A store is tested with what keeps its entries.",
      remedy: "Test it with testTokenStore of @azidentity/core/testing.",
    }));
}

/**
 * What is right and wrong with a plugin: its shape, its package, and the contract of each of its
 * sources.
 */
export async function verifyPlugin(
  plugin: unknown,
  { manifest, manifestFile }: Pick<PluginPlace, "manifest" | "manifestFile">,
  given: GivenOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const shape = await checkShape(plugin);
  if (shape.state === "problem") return [shape];
  const checked = plugin as IdentityPlugin;
  const findings: Finding[] = [shape];
  if (manifestFile !== undefined) findings.push(...checkManifest(manifest, checked.name));
  for (const source of checked.sources ?? []) findings.push(...(await checkSource(source, given[source.name], signal)));
  return [...findings, ...checkServices(checked)];
}
