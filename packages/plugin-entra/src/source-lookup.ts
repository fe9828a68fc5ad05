import { outcomeError, type SourceContext, type SourceLookup, services } from "@azidentity/core/plugin";

/** The service that finds other sources by their names. */
export async function sourceLookup(sourceName: string, context: SourceContext): Promise<SourceLookup> {
  const lookup = await context.service(services.sourceLookup);
  if (lookup !== undefined) return lookup;
  throw outcomeError("failed", `${sourceName}: this version of @azidentity/core cannot look up other sources.`, {
    code: "no-source-lookup",
    remedy: "Install the same version of @azidentity/core and of this plugin.",
  });
}
