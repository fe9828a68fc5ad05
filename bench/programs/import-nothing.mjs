// What Node.js itself needs to look up a package by name and to load a module of it.
import "bench/nothing";
