// Two storages in Azurite and one in a key vault; each driver makes a credential.
import { createStorage } from "unstorage";
import keyVault from "unstorage/drivers/azure-key-vault";
import blobStorage from "unstorage/drivers/azure-storage-blob";

const { BLOBS } = process.env;
const { hostname, port, pathname } = new URL(BLOBS);
const drivers = ["third", "fourth"].map((name) => {
  const endpointSuffix = `:${port}${pathname}`;
  return blobStorage({ accountName: hostname, endpointSuffix, containerName: `${name}${process.pid}` });
});
for (const driver of drivers) await driver.getInstance().createIfNotExists();

for (const driver of [...drivers, keyVault({ vaultName: "greetings" })]) {
  const storage = createStorage({ driver });
  await storage.setItem("greeting", "Hello");
  console.log(await storage.getItem("greeting"));
  if (driver.name === "azure-key-vault") console.log((await storage.getKeys()).find((key) => key === "greeting"));
}
