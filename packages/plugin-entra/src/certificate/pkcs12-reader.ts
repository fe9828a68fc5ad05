import { type ServiceToken, type SourceContext, serviceToken } from "@azidentity/core/plugin";
import { CertificateError } from "./certificate-error.ts";
import type { CertificateContents } from "./key-pair.ts";

/** Reads PKCS#12 files. */
export interface Pkcs12Reader {
  /** @throws {CertificateError} such as `wrong-certificate-password` */
  read(bytes: Buffer, password?: string): CertificateContents;
}

/** The service by which a bundle has what reads PKCS#12 files. */
export const pkcs12Token: ServiceToken<Pkcs12Reader> = serviceToken("pkcs12");

/** The entry point of this package that reads them. */
interface EntryPoint {
  loadReader(): Promise<Pkcs12Reader>;
}

/**
 * Imports the entry point of this package by a name that bundlers do not see, so that they build
 * without it. Code that runs in `node:vm`, as tests do in Jest, has no `import()`, so there Node.js
 * requires it.
 */
async function importEntryPoint(name = "@azidentity/plugin-entra/pkcs12"): Promise<EntryPoint> {
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as EntryPoint;
  } catch (error) {
    const here: string | undefined = import.meta.url; // undefined in a CommonJS bundle
    const isInVm = /^ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING/.test(String(Object(error).code));
    if (!isInVm || here === undefined) throw error;
    return process.getBuiltinModule("node:module").createRequire(here)(name) as EntryPoint;
  }
}

/** What reads PKCS#12 files: that of a plugin, else that of this package where it is installed. */
export async function openPkcs12Reader({ service }: Pick<SourceContext, "service">): Promise<Pkcs12Reader> {
  const ofPlugin = await service(pkcs12Token);
  if (ofPlugin !== undefined) return ofPlugin;
  const loaded = await importEntryPoint().catch((cause) => {
    throw new CertificateError("pkcs12-not-loaded", "It is PKCS#12, and this bundle lacks what reads it.", cause);
  });
  return loaded.loadReader();
}
