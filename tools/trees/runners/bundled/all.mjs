import "./in-code.mjs";
import "./config-file.mjs";
import "./drop-in.mjs";
import "./stores.mjs";
