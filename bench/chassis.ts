import fs from "node:fs";

const tagFile = "/sys/class/dmi/id/chassis_asset_tag";
const { readFileSync } = fs;

/** Lets the chassis of this machine say something, or nothing: the evidence of being one of Azure's, or not. */
export function setChassisTag(tag: string | undefined): void {
  const read = (path: string, ...rest: []) => {
    if (path !== tagFile) return readFileSync(path, ...rest);
    if (tag === undefined) throw new Error("unreadable");
    return tag;
  };
  fs.readFileSync = read as typeof readFileSync;
}
