// What Node.js itself needs to look up packages by name and to load a module of them. Three names,
// as the import of core and of a plugin, which imports from core: Node.js compiles its checks of a
// name for the first, and again, to machine code, for the second.
import "bench/nothing";
import "bench/nothing-more";
import "bench/nothing-at-all";
