// A program as it runs in a container: it knows nothing of azidentity, and has no secret of its
// own.
import { ManagedIdentityCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";

const account = new BlobServiceClient(process.env.ACCOUNT_URL, new ManagedIdentityCredential());
const blob = account.getContainerClient("greetings").getBlobClient("hello.txt");
process.stdout.write(await blob.downloadToBuffer());
