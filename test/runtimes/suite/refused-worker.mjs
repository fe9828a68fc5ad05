/** A Worker that answers with code and remedy of what `createIdentity` throws in it. */
import { createIdentity } from "@azidentity/core/in-code";
import clientSecret from "@azidentity/plugin-entra/client-secret";

export default {
  fetch() {
    try {
      createIdentity({ plugins: [clientSecret] }, { env: {} });
      return new Response("an identity");
    } catch ({ code, remedy, stack }) {
      return new Response(code === undefined ? stack : `${code}: ${remedy}`);
    }
  },
};
