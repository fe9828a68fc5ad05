export type Env = Readonly<Record<string, string | undefined>>;

/** What can be seen of the machine without network and processes: facts that cost microseconds. */
export interface Machine {
  readonly platform: string;
  /** The tag that the maker of the machine wrote on its chassis; `undefined` when it cannot be read. */
  chassisAssetTag(): string | undefined;
  /** Whether there is a file or a folder. */
  hasFile(path: string): boolean;
  hostName(): string;
  /** Where the agent of Azure Arc writes its keys on Linux; on Windows that depends on the environment. */
  readonly arcTokenFolder: string;
}

/** Linux shows what the firmware says here. Windows has no file for it. */
const tagFile = "/sys/class/dmi/id/chassis_asset_tag";

/** The machine that this program runs on. */
export const thisMachine: Machine = {
  platform: process.platform,
  chassisAssetTag() {
    try {
      return process.getBuiltinModule("node:fs").readFileSync(tagFile, "utf8").trim() || undefined;
    } catch {
      return undefined;
    }
  },
  hasFile: (path) => process.getBuiltinModule("node:fs").existsSync(path),
  hostName: () => process.getBuiltinModule("node:os").hostname(),
  arcTokenFolder: "/var/opt/azcmagent/tokens",
};

/**
 * The tag of every virtual machine of Azure.
 * Source: https://github.com/canonical/cloud-init/blob/main/cloudinit/sources/azure/identity.py
 */
const azureTag = "7783-7084-3265-9085-8269-3286-77";

/** The folder of the agent that Azure puts on each of its Windows machines, which show no chassis tag in a file. */
const guestAgentFolder = ({ SystemDrive = "C:" }: Env) => `${SystemDrive}\\WindowsAzure`;

/** What the machine itself says about being one of Azure's. `undefined`: nothing. */
export type Chassis = { readonly isAzure: boolean; readonly reason: string } | undefined;

/** Reads chassis tag and guest agent. */
export function readChassis(machine: Machine, env: Env): Chassis {
  const tag = machine.chassisAssetTag();
  if (tag === azureTag) return { isAzure: true, reason: "The chassis asset tag says Azure." };
  if (machine.platform === "win32" && machine.hasFile(guestAgentFolder(env)))
    return { isAzure: true, reason: "The guest agent of Azure's Windows machines is installed." };
  if (tag === undefined) return undefined;
  const reason = "No variable names a host, and the chassis asset tag says that this is no machine of Azure's.";
  return { isAzure: false, reason };
}
