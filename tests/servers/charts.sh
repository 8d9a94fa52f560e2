#!/bin/sh
# charts.sh DIR PORT TLS_PORT - chart repositories in the foreground: nginx, for what is in DIR/www,
# at http://127.0.0.1:PORT/ and https://127.0.0.1:TLS_PORT/. Below /private/ the user is "tester",
# the password "tester-password"; /moved/… sends on to the same path without it. DIR/ca.pem has
# signed the certificate. DIR/access.log has a line for each request: method, path, status,
# Authorization.
set -eu
# shellcheck source=tests/servers/nginx.sh
. "$(dirname "$0")/nginx.sh"
dir=$(cd "$1" && pwd)
mkdir -p "$dir/www/private"
nginx_folder "$dir"
nginx_config "$dir" "$2" "$3" <<END
        access_log $dir/access.log asked;
        root $dir/www;
        location /private/ { auth_basic charts; auth_basic_user_file $dir/htpasswd; }
        location ~ ^/moved(/.*)\$ { return 302 http://127.0.0.1:$2\$1; }
END
exec nginx -p "$dir" -c "$dir/nginx.conf"
