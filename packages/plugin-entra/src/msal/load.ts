import { outcomeError } from "@azidentity/core/plugin";

/** `import type` of all of MSAL: what the rest of this package knows of it. */
export type Msal = typeof import("@azure/msal-node", { with: { "resolution-mode": "require" }});

/** Loads MSAL, some 35 ms of work, on the first token and not before. */
export async function loadMsal(): Promise<Msal> {
  try {
    const shim: Partial<Shim> & { readonly default?: Shim } = await import("./require-msal.cts");
    const msal = shim.msal ?? shim.default?.msal; // not every bundler gives the exports of CommonJS their names
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
