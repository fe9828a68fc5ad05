// Two connections to Snowflake with workload identity; the token is for an application, and its
// scope has no "/.default".
import snowflake from "snowflake-sdk";

process.env.SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES = "localhost";
snowflake.configure({ logLevel: "OFF" });
const { port, hostname: host } = new URL(process.env.SERVICE);
for (let count = 0; count < 2; count++) {
  const connection = snowflake.createConnection({
    account: "contoso",
    host,
    port,
    protocol: "https",
    authenticator: "WORKLOAD_IDENTITY",
    workloadIdentityProvider: "AZURE",
  });
  await connection.connectAsync();
  console.log(connection.isUp());
}
process.exit();
