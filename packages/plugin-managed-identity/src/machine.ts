/** What can be seen of the machine without asking anybody: facts that cost microseconds. */
export interface Machine {
  readonly platform: string;
  /** The tag that the maker of the machine wrote on its chassis; `undefined` when it cannot be read. */
  chassisAssetTag(): string | undefined;
  hasFile(path: string): boolean;
  hostName(): string;
  /** Where the agent of Azure Arc writes its keys on Linux; on Windows that depends on the environment. */
  readonly arcTokenFolder: string;
}

/** Linux shows what the firmware says here. Windows has no file for it, so nothing is known there. */
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

/** Whether this is a machine of Azure; `undefined` when nothing tells. */
export function isOnAzure(machine: Machine): boolean | undefined {
  const tag = machine.chassisAssetTag();
  return tag === undefined ? undefined : tag === azureTag;
}
