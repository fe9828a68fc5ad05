#!/bin/sh
# Makes the files of this folder again, with OpenSSL 3. The tests use the files, so that they run without OpenSSL.
# The keys guard nothing, and the certificates are good for a hundred years. The password of all encrypted files is "open sesame".
set -eu
cd "$(dirname "$0")"
rm -rf ./*.pem ./*.pfx quick
mkdir quick
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
password="open sesame"

# name, subject, issuer (or "" for itself)
make_certificate() {
  openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/$1.key" 2>/dev/null
  openssl req -new -key "$work/$1.key" -subj "$2" -out "$work/$1.csr"
  if [ -z "$3" ]; then signer="-signkey $work/$1.key"; else signer="-CA $work/$3.crt -CAkey $work/$3.key -CAcreateserial"; fi
  # shellcheck disable=SC2086
  openssl x509 -req -in "$work/$1.csr" $signer -days 36500 -sha256 -out "$work/$1.crt" 2>/dev/null
}
make_certificate root "/CN=Test Root" ""
make_certificate issuing "/CN=Test Issuing" root
make_certificate app "/CN=orders.contoso.com" issuing
make_certificate other "/CN=billing.contoso.com" ""
openssl ecparam -genkey -name prime256v1 -noout -out "$work/ec.key"
openssl req -x509 -new -key "$work/ec.key" -subj "/CN=ec.contoso.com" -days 36500 -out "$work/ec.crt"

app="$work/app.key"
openssl pkcs8 -topk8 -nocrypt -in "$app" | cat - "$work/app.crt" > pkcs8.pem
openssl rsa -traditional -in "$app" 2>/dev/null | cat "$work/app.crt" - > pkcs1.pem
openssl pkcs8 -topk8 -v2 aes-256-cbc -passout "pass:$password" -in "$app" | cat - "$work/app.crt" > pkcs8-encrypted.pem
openssl rsa -traditional -aes128 -passout "pass:$password" -in "$app" 2>/dev/null | cat - "$work/app.crt" > pkcs1-encrypted.pem
cat "$app" "$work/app.crt" "$work/issuing.crt" "$work/root.crt" > chain.pem
cat "$work/other.key" "$work/other.crt" > other.pem
cat "$work/ec.key" "$work/ec.crt" > ec.pem

# quick/ has the same files with 2 iterations instead of 2048, for tests that open them thousands of times
export_pfx() {
  name=$1
  shift
  openssl pkcs12 -export -out "$name.pfx" "$@"
  openssl pkcs12 -export -out "quick/$name.pfx" -iter 2 "$@"
}
cat "$work/issuing.crt" "$work/root.crt" > "$work/chain.crt"
# as OpenSSL 3 does by itself: AES-256, PBKDF2 with SHA-256, MAC with SHA-256
export_pfx modern -inkey "$app" -in "$work/app.crt" -certfile "$work/chain.crt" -passout "pass:$password"
# as Windows and Azure Key Vault do: Triple DES and SHA-1
export_pfx windows -inkey "$app" -in "$work/app.crt" -certfile "$work/chain.crt" -passout "pass:$password" \
  -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1
# as OpenSSL 1.1 does by itself: RC2 with 40 bits for the certificates
export_pfx openssl-1.1 -legacy -inkey "$app" -in "$work/app.crt" -passout "pass:$password"
export_pfx sha512 -inkey "$app" -in "$work/app.crt" -passout "pass:$password" -certpbe AES-128-CBC -keypbe AES-192-CBC -macalg sha512
export_pfx without-password -inkey "$app" -in "$work/app.crt" -passout "pass:"
export_pfx without-encryption -inkey "$app" -in "$work/app.crt" -passout "pass:$password" -certpbe NONE -keypbe NONE
export_pfx without-mac -inkey "$app" -in "$work/app.crt" -passout "pass:$password" -nomac
export_pfx without-key -nokeys -in "$work/app.crt" -passout "pass:$password"
export_pfx without-certificate -nocerts -inkey "$app" -passout "pass:$password"
