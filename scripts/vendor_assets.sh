#!/usr/bin/env bash
# Rebuild qa_service/pages/static/vendor from pinned npm packages. A maintainer runs it (`make
# vendor-assets`) and commits the result: installing and running the service never needs Node.
set -euo pipefail

GOVUK=6.6.0 MOJ=11.1.0 SWAGGER=5.35.0 SASS=1.108.2
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/qa_service/pages/static/vendor
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cd "$build"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts \
  "govuk-frontend@$GOVUK" "@ministryofjustice/frontend@$MOJ" "swagger-ui-dist@$SWAGGER" "sass@$SASS"

# The order of these lines and the literal third path matter: one module URL for govuk-frontend, whose
# settings the Ministry's base file makes. Arial because the GOV.UK font is licensed to GOV.UK only.
cat >app.scss <<'SCSS'
@use "@ministryofjustice/frontend/moj/settings/all" with (
  $moj-font-family: (Arial, Helvetica, sans-serif), $moj-assets-path: "/static/vendor/");
@use "@ministryofjustice/frontend/moj/base";
@use "node_modules/govuk-frontend/dist/govuk" as govuk;
@use "@ministryofjustice/frontend/moj/all" as moj;
SCSS
npx sass --quiet --no-source-map --style=compressed --load-path=node_modules --load-path=. app.scss app.css
if grep -qE '@font-face|GDS Transport' app.css; then
  echo "app.css carries the GOV.UK font: check the settings above" >&2
  exit 1
fi

rm -rf "$out"
mkdir -p "$out/images"
cp app.css node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js "$out/"
cp node_modules/@ministryofjustice/frontend/moj/moj-frontend.min.js "$out/"
cp node_modules/@ministryofjustice/frontend/moj/assets/images/icon-*.svg "$out/images/"
rm "$out"/images/icon-wysiwyg-*.svg
swagger=node_modules/swagger-ui-dist
cp $swagger/swagger-ui.css $swagger/swagger-ui-bundle.js $swagger/swagger-ui-bundle.js.LICENSE.txt "$out/"
cat $swagger/NOTICE $swagger/LICENSE >"$out/swagger-ui.LICENSE.txt"
# Source maps are not shipped, so the pointers to them go: they would be a 404 in every developer console.
sed -i '/^\/\/# sourceMappingURL=/d; s|/\*# sourceMappingURL=[^*]*\*/||' "$out"/*.js "$out"/*.css

mit() { # mit "Name" "copyright line"
  printf '%s\n\nMIT License\n\n%s\n\n' "$1" "$2"
  cat <<'TEXT'
Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
TEXT
}
# The npm archives of both carry no licence file; the texts are those of their source repositories.
mit "GOV.UK Frontend" "Copyright (C) 2017 Crown Copyright (Government Digital Service)" \
  >"$out/govuk-frontend.LICENSE.txt"
mit "Ministry of Justice Frontend" "Copyright (c) 2021 dxw" >"$out/moj-frontend.LICENSE.txt"

cd "$out"
{
  cat <<TEXT
# Vendored interface assets

Written by scripts/vendor_assets.sh; do not edit by hand. A test compares every hash below.
\`app.css\` is compiled with sass $SASS from govuk-frontend and @ministryofjustice/frontend: Arial in place
of the GOV.UK font, and no crown, crest or logotype is shipped.

| package | version | licence |
|---|---|---|
| govuk-frontend | $GOVUK | MIT, govuk-frontend.LICENSE.txt |
| @ministryofjustice/frontend | $MOJ | MIT, moj-frontend.LICENSE.txt |
| swagger-ui-dist | $SWAGGER | Apache-2.0, swagger-ui.LICENSE.txt and swagger-ui-bundle.js.LICENSE.txt |

| file | sha256 |
|---|---|
TEXT
  find . -type f ! -name VENDOR.md -printf '%P\n' | LC_ALL=C sort | while read -r file; do
    echo "| $file | $(sha256sum "$file" | cut -d' ' -f1) |"
  done
} >VENDOR.md
echo "Wrote $(du -sh . | cut -f1) to ${out#"$root"/}"
