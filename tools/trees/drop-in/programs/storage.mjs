// Two clients of Blob Storage, each with its own credential; the service is Azurite.
import { ClientSecretCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";

const { TENANT, APP_ID, APP_SECRET, BLOBS } = process.env;
for (const container of ["first", "second"]) {
  const client = new BlobServiceClient(BLOBS, new ClientSecretCredential(TENANT, APP_ID, APP_SECRET));
  const { containerClient } = await client.createContainer(`${container}${process.pid}`);
  const blob = containerClient.getBlockBlobClient("greeting");
  await blob.upload("Hello", 5);
  console.log((await blob.downloadToBuffer()).toString());
}
