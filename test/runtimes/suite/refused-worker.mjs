/** A Worker that answers with code and remedy of what `createIdentity` throws in it. */
import { createIdentity } from "@azidentity/core/in-code";
import entra from "@azidentity/plugin-entra";
import pkcs12 from "@azidentity/plugin-entra/pkcs12";

export default {
  fetch() {
    try {
      createIdentity({ plugins: [entra, pkcs12] }, { env: {} });
      return new Response("an identity");
    } catch ({ code, remedy, stack }) {
      return new Response(code === undefined ? stack : `${code}: ${remedy}`);
    }
  },
};
