import { defineOptions, type ObjectOf } from "@azidentity/core/plugin";
import { applicationFields } from "../application.ts";
import { defineApplicationSource } from "../application-source.ts";
import {
  certificateFields,
  certificateNames,
  certificateOrigins,
  hasCertificate,
  readCertificateOptions,
} from "../client-authentication/certificate-options.ts";

const name = "client-certificate";

const fields = { ...applicationFields, ...certificateFields } as const;
export type ClientCertificateOptions = ObjectOf<typeof fields>;

/** Signs in an application with a certificate that is registered with it. */
export const clientCertificate = defineApplicationSource({
  name,
  options: defineOptions(fields, { exclusive: [certificateOrigins] }),
  credentials: (options) => ({ [certificateNames]: hasCertificate(options) }),
  validate: (options) => readCertificateOptions(name, options),
  async clientAuthentication(options, context) {
    const { certificateAuthentication } = await import("../client-authentication/certificate.ts");
    return certificateAuthentication(name, options, context);
  },
});
