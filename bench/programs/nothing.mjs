// A module that does and exports nothing.
export {};
