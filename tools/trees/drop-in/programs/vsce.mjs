// Verifies the access to a publisher of the Marketplace, as `vsce verify-pat --azure-credential`
// does.
import { spawnSync } from "node:child_process";

const args = ["node_modules/@vscode/vsce/vsce", "verify-pat", "contoso", "--azure-credential"];
const env = { ...process.env, VSCE_MARKETPLACE_URL: process.env.SERVICE };
const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
console.log(stdout.trim());
console.error(stderr);
