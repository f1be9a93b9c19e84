#!/bin/sh
# Copies this folder's configuration, with times so short that alerts can be rehearsed within minutes:
#
#   rehearse.sh FOLDER
#
# Alerts fire after ten seconds instead of hours; what is bridged for ten minutes is bridged for half a
# minute, and what for five for ten seconds; what is remembered for six hours is for five minutes. A list of
# accounts is stale after ten seconds. Scrapes, evaluations and notifications follow suit. Other thresholds stay
# as they are. See docs/fire-drill.md.
set -eu
mkdir -p "${1:?usage: rehearse.sh FOLDER}/rules"
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")"
for file in *.yml rules/*.yml; do
  sed -E \
    -e 's/^( *for:) .*/\1 10s/' \
    -e 's/\[10m\]/[30s]/g' \
    -e 's/\[5m\]/[10s]/g' \
    -e 's/\[6h\]/[5m]/g' \
    -e 's/> 6 \* 3600/> 300/' \
    -e 's/> 3 \* 3600/> 10/' \
    -e 's/^( *(scrape_interval|scrape_timeout|evaluation_interval):) .*/\1 5s/' \
    -e 's/^( *group_(wait|interval):) .*/\1 5s/' \
    "$file" >"$folder/$file"
done
cp ./*.tmpl "$folder"
