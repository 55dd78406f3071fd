#!/usr/bin/env bash
# Tries this folder's nginx.conf in front of a new store with one account: TLS, sign-in, websocket, upload size, what is shut; and the unit
# files, where systemd is installed. Needs nginx and openssl.
# docs/deploy/try.sh [PYTHON]; leaves nothing behind.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${1:-$root/.venv/bin/python}
app=${APP_PORT:-8718} tls=${TLS_PORT:-8743} plain=${PLAIN_PORT:-8780}
work=$(mktemp -d)
chmod 755 "$work"
started=()
end() { for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap end EXIT

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$work/privkey.pem" -out "$work/fullchain.pem" 2>/dev/null
sed -e "s#/etc/townboard/tls#$work#" -e "s#listen 443#listen 127.0.0.1:$tls#" -e "s#listen 80;#listen 127.0.0.1:$plain;#" \
    -e "s#127.0.0.1:8501#127.0.0.1:$app#" -e "s#townboard.example.gov.cn#localhost#" "$here/nginx.conf" > "$work/townboard.conf"
cat > "$work/nginx.conf" <<CONF
pid $work/nginx.pid;
error_log $work/error.log;
events {}
http {
    access_log off;
    client_body_temp_path $work/body; proxy_temp_path $work/proxy; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
    include $work/townboard.conf;
}
CONF
nginx -t -q -c "$work/nginx.conf"

export TOWNBOARD_STORE=$work/store
cd "$root"
"$python" -m townboard init > /dev/null
"$python" -m townboard user add tester --role special_office > "$work/password"
"$python" -m townboard serve --port "$app" > "$work/app.log" 2>&1 &
started+=($!)
nginx -c "$work/nginx.conf" -g 'daemon off;' &
started+=($!)
for _ in $(seq 120); do curl -fs "http://127.0.0.1:$app/_stcore/health" > /dev/null && break; sleep 0.5; done

failed=0
if command -v systemd-analyze > /dev/null; then
  for unit in "$here"/*.service "$here"/*.timer; do
    # the one thing that is not there on this machine is the installed program itself
    if systemd-analyze verify "$unit" 2>&1 | grep -v '/opt/townboard/current/.venv/bin/python is not executable' | grep .; then
      echo "FAILED  systemd-analyze verify $(basename "$unit")"; failed=1
    else echo "ok      systemd-analyze verify $(basename "$unit")"; fi
  done
else echo "skipped the unit files: no systemd-analyze here"; fi
expect() { # WHAT WANTED GOT
  if [ "$2" = "$3" ]; then echo "ok      $1: $3"; else echo "FAILED  $1: $3 instead of $2"; failed=1; fi
}
code() { curl -s -o /dev/null -w '%{http_code}' --cacert "$work/fullchain.pem" "$@"; }
expect "ready, through TLS" 200 "$(code "https://localhost:$tls/_stcore/health")"
expect "the store, through TLS" 200 "$(code "https://localhost:$tls/health")"
expect "plain HTTP is sent to TLS" 301 "$(code "http://localhost:$plain/")"
expect "metrics from outside" 404 "$(code "https://localhost:$tls/metrics")"
expect "metrics on the machine" 200 "$(code "http://127.0.0.1:$app/metrics")"
expect "an upload of 22 MB" 413 "$(head -c 23068672 /dev/zero | code -X PUT --data-binary @- "https://localhost:$tls/_stcore/upload_file/a/b")"
expect "TLS 1.1" 000 "$(code --tlsv1.1 --tls-max 1.1 "https://localhost:$tls/" || true)"
"$python" "$here/try_door.py" "$tls" "$work/fullchain.pem" "$work/password" || failed=1
exit $failed
