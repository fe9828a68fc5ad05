import type { AuthenticationErrorCode } from "@azidentity/core/plugin";

/** Why there can be no broker, and what to do about it. */
export interface Obstacle {
  readonly problem: string;
  readonly remedy: string;
  /** Default: that of the outcome. */
  readonly code?: AuthenticationErrorCode;
}

/** The broker of an operating system, and remedies for when it does not work. */
export interface Platform {
  readonly broker: string;
  /** Processor architectures for which Microsoft publishes the native library. */
  readonly architectures: readonly string[];
  /** Remedy: no broker is installed. */
  readonly install: string;
  /** Remedy: the native library cannot be loaded. */
  readonly repair: string;
  /** Remedy: no user is signed in to the operating system. */
  readonly signIn: string;
}

const reinstall = "Install @azure/msal-node-extensions again on this machine, so that it matches the processor.";

/**
 * Source: the README of `@azure/msal-node-extensions`, and the binaries in
 * `@azure/msal-node-runtime`.
 */
const platforms: Readonly<Record<string, Platform>> = {
  win32: {
    broker: "the Web Account Manager",
    architectures: ["x64", "arm64", "ia32"],
    install: "It requires Windows 10 1703, Windows Server 2019, or newer.",
    repair: reinstall,
    signIn: "Add the account in Settings > Accounts > Access work or school.",
  },
  darwin: {
    broker: "the Company Portal",
    architectures: ["arm64", "x64"],
    install: "Install the Company Portal, and enroll the Mac so that the single sign-on extension is active.",
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

/** `undefined`: no broker exists for this system or processor. */
export function findPlatform(system: string, architecture: string): Platform | undefined {
  const platform = platforms[system];
  return platform?.architectures.includes(architecture) ? platform : undefined;
}

/** The table as a sentence. */
export const supportedPlatforms = "Brokers exist for Windows (x64, arm64, ia32), macOS (arm64, x64) and Linux (x64).";
