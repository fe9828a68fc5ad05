import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rolldown";

/** The folder of the package that a module comes from; `undefined`: ours. */
function packageFolder(module: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(module.replaceAll("\\", "/"))?.[0];
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = ["LICENSE", "LICENSE.txt", "LICENSE.md"].map((one) => join(folder, one)).find((one) => existsSync(one));
  if (file === undefined) throw new Error(`${name} has no licence file that could be passed on.`);
  return `${name} ${version} (${license})\n\n${readFileSync(file, "utf8").trim()}\n`;
}

/** Writes the licences of the packages of which parts are in the chunks. */
export function thirdPartyLicenses(fileName: string): Plugin {
  return {
    name: "third-party-licenses",
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
      const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
      const licenses = [...folders].map(licenseOf).sort();
      if (licenses.length > 0)
        this.emitFile({ type: "asset", fileName, source: licenses.join(`\n${"-".repeat(80)}\n\n`) });
    },
  };
}
