/**
 * What reads PKCS#12 files (`.pfx`, `.p12`), for bundles: it is loaded on first use where the
 * package is installed, and bundlers leave it out. A plugin for `@azidentity/core`.
 */
import { definePlugin } from "@azidentity/core/plugin";
import { type Pkcs12Reader, pkcs12Token } from "./certificate/pkcs12-reader.ts";

/** What reads PKCS#12 files. */
export const loadReader = async (): Promise<Pkcs12Reader> => ({
  read: (await import("./certificate/pkcs12.ts")).parsePkcs12,
});

/** Put it into `plugins` of a config, beside `@azidentity/plugin-entra`. */
export const pkcs12 = definePlugin({
  name: "@azidentity/plugin-entra/pkcs12",
  services: [{ token: pkcs12Token, name: "pkcs12", create: loadReader }],
});
export default pkcs12;
