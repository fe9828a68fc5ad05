// Imports what its argument names, if anything, and prints the resident memory of the process in
// bytes.
const [, , program] = process.argv;
if (program !== undefined) await import(program);
console.log(process.memoryUsage.rss());
