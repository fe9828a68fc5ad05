/** Where an operating system has a broker, and what helps where it does not answer. */
export interface Platform {
  readonly broker: string;
  /** Processors for which there is a native part. */
  readonly architectures: readonly string[];
  /** What to do when there is no broker. */
  readonly install: string;
  /** What to do when the native part cannot be loaded. */
  readonly repair: string;
  /** How to sign in to the operating system. */
  readonly signIn: string;
}

const reinstall = "Install @azure/msal-node-extensions again, for this processor.";

/** Source: the README of `@azure/msal-node-extensions`, and the binaries in `@azure/msal-node-runtime`. */
const platforms: Readonly<Record<string, Platform>> = {
  win32: {
    broker: "the Web Account Manager",
    architectures: ["x64", "arm64", "ia32"],
    install: "It takes Windows 10 1703, Windows Server 2019, or newer.",
    repair: reinstall,
    signIn: "Add the account in Settings > Accounts > Access work or school.",
  },
  darwin: {
    broker: "the Company Portal",
    architectures: ["arm64", "x64"],
    install: "Install the Company Portal, and have the Mac managed with the single sign-on extension.",
    repair: reinstall,
    signIn: "Sign in to the Company Portal.",
  },
  linux: {
    broker: "microsoft-identity-broker",
    architectures: ["x64"],
    install: "Install it from packages.microsoft.com: sudo apt install microsoft-identity-broker",
    repair: "Run: sudo apt install libwebkit2gtk-4.1-0 libfido2-1",
    signIn: "Run intune-portal, and sign in.",
  },
};

/** `undefined`: there is no broker for this system, or none for this processor. */
export function findPlatform(system: string, architecture: string): Platform | undefined {
  const platform = platforms[system];
  return platform?.architectures.includes(architecture) ? platform : undefined;
}

/** The table in a sentence. */
export const supported = "There are brokers for Windows (x64, arm64, ia32), macOS (arm64, x64) and Linux (x64).";
