export type Env = Readonly<Record<string, string | undefined>>;

/** Facts about the machine that cost microseconds: no network, no processes. */
export interface Machine {
  readonly platform: string;
  /** The asset tag in the firmware of the machine; `undefined` when it cannot be read. */
  chassisAssetTag(): string | undefined;
  /** Whether a file or folder exists, as far as this process may look. */
  hasFile(path: string): boolean;
  hostName(): string;
  /** Where the Azure Arc agent writes its keys on Linux; on Windows the environment decides. */
  readonly arcTokenFolder: string;
}

/** The asset tag on Linux. Windows has no file for it. */
const tagFile = "/sys/class/dmi/id/chassis_asset_tag";

/**
 * What the file system says; `undefined` for what cannot be read, or the runtime does not permit.
 */
function ask<T>(read: (fs: typeof import("node:fs")) => T): T | undefined {
  try {
    return read(process.getBuiltinModule("node:fs"));
  } catch {
    return undefined;
  }
}

/** The machine that this program runs on. */
export const thisMachine: Machine = {
  platform: process.platform,
  chassisAssetTag: () => ask((fs) => fs.readFileSync(tagFile, "utf8").trim()) || undefined,
  hasFile: (path) => ask((fs) => fs.existsSync(path)) === true,
  hostName: () => process.getBuiltinModule("node:os").hostname(),
  arcTokenFolder: "/var/opt/azcmagent/tokens",
};

/**
 * The tag of every virtual machine of Azure.
 * Source: https://github.com/canonical/cloud-init/blob/main/cloudinit/sources/azure/identity.py
 */
const azureTag = "7783-7084-3265-9085-8269-3286-77";

/** The folder of the guest agent, which Azure installs on each of its Windows machines. */
const guestAgentFolder = ({ SystemDrive = "C:" }: Env) => `${SystemDrive}\\WindowsAzure`;

/** Whether the machine is one of Azure's; `undefined` when nothing shows it. */
export type Chassis = { readonly isAzure: boolean; readonly reason: string } | undefined;

/** Reads the chassis asset tag and looks for the guest agent. */
export function readChassis(machine: Machine, env: Env): Chassis {
  const tag = machine.chassisAssetTag();
  if (tag === azureTag) return { isAzure: true, reason: "The chassis asset tag is Azure's." };
  if (machine.platform === "win32" && machine.hasFile(guestAgentFolder(env)))
    return { isAzure: true, reason: "The guest agent of Azure's Windows machines is installed." };
  if (tag === undefined) return undefined;
  const reason = "No variable names a host, and the chassis asset tag is not Azure's.";
  return { isAzure: false, reason };
}
