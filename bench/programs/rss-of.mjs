// Imports what its argument names, if anything, and prints the resident memory of the process in
// bytes, and on Linux how much of it the process has alone: the rest are pages of files, such as
// the program of Node.js, of which the system maps more or fewer and which all processes share.
import { readFileSync } from "node:fs";

const [, , program] = process.argv;
if (program !== undefined) await import(program);
const resident = process.memoryUsage.rss();
const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
const [, own] = /^RssAnon:\s+(\d+) kB$/m.exec(status) ?? [];
console.log(JSON.stringify({ resident, own: own && Number(own) * 1_024 }));
