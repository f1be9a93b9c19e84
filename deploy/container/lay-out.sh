#!/bin/sh
# Lays out the root of the image around /app, which is there already:
#
#   lay-out.sh ROOT
#
# Node.js and the shared libraries that it loads are all that runs in the image. What Debian knows of the
# packages that these are from goes along, so that scanners find them and their licenses are kept.
set -eu
root=${1:?usage: lay-out.sh ROOT}
node=$(command -v node)
cd "$root/app"

# Of the native code only what this image can load; and nothing that only compilers and debuggers read.
native=node_modules/bcrypt/prebuilds/linux-$(node -p process.arch)/bcrypt.glibc.node
find node_modules/bcrypt/prebuilds -name '*.node' ! -path "$native" -delete
find node_modules/bcrypt/prebuilds -type d -empty -delete
find . -type f \
  \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete
find node_modules -type d -empty -delete

# Copies a file to where it is, whatever links lead there.
copy() {
  mkdir -p "$root$(dirname "$1")"
  cp -L "$1" "$root$1"
}

mkdir -p "$root/usr/local/bin"
cp "$node" "$root/usr/local/bin/node"
cp "$(dirname "$node")/../LICENSE" "$root/usr/local/LICENSE"

packages=$(mktemp)
for library in $(ldd "$node" "$native" | grep -o '/[^ ]*\.so[^ ]*' | sort -u); do
  copy "$library"
  dpkg-query --search "$(realpath "$library")" >>"$packages"
done
mkdir -p "$root/var/lib/dpkg/status.d"
for package in $(cut -d: -f1 "$packages" | sort -u); do
  dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
  copy "/usr/share/doc/$package/copyright"
done
copy /etc/os-release
copy /etc/debian_version

echo 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin' >"$root/etc/passwd"
echo 'nonroot:x:65532:' >"$root/etc/group"
# A volume that is mounted here the first time takes over to whom it belongs.
install -d -o 65532 -g 65532 -m 700 \
  "$root/home/nonroot" "$root/var/lib/conformance-pack-exporter"
install -d -m 1777 "$root/tmp"
mkdir "$root/dev" "$root/proc" "$root/sys"

# What was laid out has to work without anything of this machine.
chroot "$root" /usr/local/bin/node -e 'require("/app/node_modules/bcrypt")'
chroot "$root" /usr/local/bin/node /app/dist/main.js --version
