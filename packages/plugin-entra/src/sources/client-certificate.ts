import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import { applicationFields } from "../application-options.ts";
import { defineApplicationSource } from "../application-source.ts";
import { certificateFields, certificateNames, hasCertificate } from "../proof/certificate-options.ts";

const name = "client-certificate";

const fields = { ...applicationFields, ...certificateFields } as const;
export type ClientCertificateOptions = ObjectOf<typeof fields>;

/** Signs in an application with a certificate that is registered with it. */
export const clientCertificate = defineApplicationSource({
  name,
  options: defineOptions(fields),
  proof: (options) => ({ [certificateNames]: hasCertificate(options) }),
  async prove(options, context) {
    const { proveByCertificate } = await import("../proof/certificate-proof.ts");
    return proveByCertificate(name, options, context);
  },
});
