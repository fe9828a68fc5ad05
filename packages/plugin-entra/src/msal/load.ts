import { outcomeError } from "@azidentity/core/plugin";

type Msal = typeof import("@azure/msal-node");
/** `default` alone is what some bundlers make of the exports of a CommonJS file. */
type Shim = { readonly msal?: Msal; readonly default?: { readonly msal?: Msal } };

/** Loads MSAL, some 35 ms of work, on the first token and not before. */
export async function loadMsal(): Promise<Msal> {
  try {
    const shim: Shim = await import("./require-msal.cts");
    const msal = shim.msal ?? shim.default?.msal;
    if (msal === undefined) throw new TypeError("require-msal.cjs exports nothing");
    return msal;
  } catch (cause) {
    // not `not-installed`: a chain would go on, and a broken installation must not turn an application into somebody else
    throw outcomeError("failed", "@azure/msal-node could not be loaded.", {
      code: "msal-not-loaded",
      remedy: "Install the dependencies again; `cause` says what is wrong with them.",
      cause,
    });
  }
}
