import { defineOptions, defineSource, type ObjectOf } from "@azidentity/core/plugin";
import {
  applicationFields,
  detectApplication,
  type Given,
  homeTenant,
  requireApplication,
} from "../application-options.ts";
import { certificateFields, certificateNames, hasCertificate } from "../proof/certificate-options.ts";

const who = "client-certificate";

const fields = { ...applicationFields, ...certificateFields } as const;
export type ClientCertificateOptions = ObjectOf<typeof fields>;

/** Signs in an application with a certificate that is registered with it. */
export const clientCertificate = defineSource({
  name: who,
  kind: "deployed",
  tenants: "checked",
  options: defineOptions(fields),
  detect: (options, context) => detectApplication(given(options), context),
  homeTenant: (options, context) => homeTenant(options, context),
  subject: ({ clientId = "nobody" }) => clientId,
  async create(options, context) {
    const { createApplicationCredential } = await import("../application-credential.ts");
    const { proveByCertificate } = await import("../proof/certificate-proof.ts");
    const prove = proveByCertificate(who, options, context);
    return createApplicationCredential(() => ({ who, ...requireApplication(given(options), context), prove }), context);
  },
});

function given(options: ClientCertificateOptions): Given {
  return { who, options, proof: { [certificateNames]: hasCertificate(options) } };
}
