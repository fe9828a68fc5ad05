# The same in Python.
import os
import sys

from azure.identity import ManagedIdentityCredential
from azure.storage.blob import BlobServiceClient

account = BlobServiceClient(os.environ["ACCOUNT_URL"], credential=ManagedIdentityCredential())
blob = account.get_blob_client("greetings", "hello.txt")
sys.stdout.buffer.write(blob.download_blob().readall())
