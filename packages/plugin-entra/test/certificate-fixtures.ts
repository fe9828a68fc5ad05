import { readFileSync } from "node:fs";
import { parsePkcs12 } from "../src/certificate/pkcs12.ts";

/** The password of all encrypted files of certificates/. */
export const password = "open sesame";

export const fixturePath = (name: string) => new URL(`certificates/${name}`, import.meta.url).pathname;
export const fixture = (name: string) => readFileSync(fixturePath(name));
export const fixtureText = (name: string) => fixture(name).toString("utf8");

/** What reads PKCS#12, as the entry point has it. */
export const openPkcs12 = async () => ({ read: parsePkcs12 });

/** The certificates of a PEM, or its keys. */
export const blocks = (pem: string, label: "CERTIFICATE" | "PRIVATE KEY"): string[] =>
  pem.match(new RegExp(`-----BEGIN ${label}-----[^]*?-----END ${label}-----\n`, "g")) ?? [];
