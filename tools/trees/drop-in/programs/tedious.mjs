// Opens many connections at once, then some one after the other: a driver makes a credential for
// each.
import { Connection } from "tedious";

const { TDS_PORT, AUTHENTICATION, AT_ONCE, IN_TURN, TENANT, APP_ID, APP_SECRET } = process.env;
const secret = { tenantId: TENANT, clientId: APP_ID, clientSecret: APP_SECRET };
const types = {
  secret: { type: "azure-active-directory-service-principal-secret", options: secret },
  "managed-identity": { type: "azure-active-directory-msi-app-service", options: {} },
  default: { type: "azure-active-directory-default", options: {} },
};

const connect = () =>
  new Promise((resolve, reject) => {
    const options = { port: Number(TDS_PORT), encrypt: false, connectTimeout: 300_000 };
    const connection = new Connection({ server: "127.0.0.1", authentication: types[AUTHENTICATION], options });
    connection.connect((error) => (error ? reject(error) : resolve(connection.close())));
  });

await Promise.all(Array.from({ length: Number(AT_ONCE) }, connect));
for (let count = 0; count < Number(IN_TURN); count++) await connect();
