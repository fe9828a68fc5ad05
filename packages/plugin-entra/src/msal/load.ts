import { outcomeError } from "@azidentity/core/plugin";
import shim from "./require-msal.cts";

type Msal = typeof import("@azure/msal-node");

/** MSAL. Loaded, some 35 ms of work, by the first call and not before; the later ones cost nothing, where an `import()` costs 10 µs. */
export function loadMsal(): Msal {
  try {
    return (shim as { readonly requireMsal: () => Msal }).requireMsal();
  } catch (cause) {
    // not `not-installed`: a chain would go on, and a broken installation must not turn an application into somebody else
    throw outcomeError("failed", "@azure/msal-node could not be loaded.", {
      code: "msal-not-loaded",
      remedy: "Install the dependencies again; `cause` says what is wrong with them.",
      cause,
    });
  }
}
