import { createIdentity, type IdentityPlugin, isIdentityError } from "@azidentity/core";
import type { Finding } from "../../findings/finding.ts";
import { withoutRemedy } from "../../walks/attempt-text.ts";

/**
 * What core says of a plugin before it runs any of its code: its name, its contract version, its
 * shape.
 */
export async function checkShape(plugin: unknown): Promise<Finding> {
  if (typeof plugin !== "object" || plugin === null) {
    const sentence = "The module does not export a plugin by default.";
    const remedy = "Write: export default definePlugin({ ... })";
    return { state: "problem", subject: "shape", sentence, remedy, code: "invalid-plugin" };
  }
  const identity = createIdentity({ config: false, plugins: [plugin as IdentityPlugin] }, { env: {} });
  try {
    await identity.ready();
    return { state: "ok", subject: "shape", sentence: "Core accepts its name, its contract version and its shape." };
  } catch (error) {
    if (!isIdentityError(error)) throw error;
    const { message, remedy, code } = error;
    return { state: "problem", subject: "shape", sentence: withoutRemedy(message, remedy), remedy, code };
  } finally {
    await identity.close();
  }
}
