import { outcomeError } from "@azidentity/core/plugin";
import shim from "./require-msal.cts";

type Msal = typeof import("@azure/msal-node");

/**
 * Loads MSAL on the first call (about 35 ms). Later calls cost nothing; an `import()` would cost
 * 10 µs each.
 */
export function loadMsal(): Msal {
  try {
    return (shim as { readonly requireMsal: () => Msal }).requireMsal();
  } catch (cause) {
    // not `not-installed`: a chain would go on, and sign in another principal than intended
    throw outcomeError("failed", "@azure/msal-node could not be loaded.", {
      code: "msal-not-loaded",
      remedy: "Reinstall the dependencies; `cause` has the reason.",
      cause,
    });
  }
}
