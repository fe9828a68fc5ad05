import fs from "node:fs";

const tagFile = "/sys/class/dmi/id/chassis_asset_tag";
const { readFileSync } = fs;

/**
 * Fakes the asset tag of this machine's chassis, which is the evidence of an Azure machine.
 * `undefined`: it cannot be read.
 */
export function setChassisTag(tag: string | undefined): void {
  const read = (path: string, ...rest: []) => {
    if (path !== tagFile) return readFileSync(path, ...rest);
    if (tag === undefined) throw new Error("unreadable");
    return tag;
  };
  fs.readFileSync = read as typeof readFileSync;
}
