#!/bin/sh
# charts.sh DIR PORT TLS_PORT - chart repositories in the foreground: nginx, for what is in DIR/www,
# at http://127.0.0.1:PORT/ and https://127.0.0.1:TLS_PORT/. Below /private/ the user is "tester",
# the password "tester-password"; /moved/… sends on to the same path without it. DIR/ca.pem has
# signed the certificate. DIR/access.log has a line for each request: method, path, status,
# Authorization.
set -eu
dir=$(cd "$1" && pwd)
mkdir -p "$dir/www/private"
if [ ! -f "$dir/ca.pem" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test \
        -addext "subjectAltName=IP:127.0.0.1,DNS:localhost" \
        -keyout "$dir/key.pem" -out "$dir/ca.pem" 2>/dev/null
fi
printf 'tester:%s\n' "$(openssl passwd -apr1 tester-password)" >"$dir/htpasswd"
cat >"$dir/nginx.conf" <<END
$([ "$(id -u)" != 0 ] || echo "user root;")
worker_processes 1; daemon off; pid $dir/nginx.pid; error_log $dir/nginx.err;
events { worker_connections 256; }
http {
    log_format asked '\$request_method \$request_uri \$status "\$http_authorization"';
    access_log $dir/access.log asked;
    client_body_temp_path $dir/t1; proxy_temp_path $dir/t2; fastcgi_temp_path $dir/t3;
    uwsgi_temp_path $dir/t4; scgi_temp_path $dir/t5;
    server {
        listen 127.0.0.1:$2; listen 127.0.0.1:$3 ssl http2;
        ssl_certificate $dir/ca.pem; ssl_certificate_key $dir/key.pem;
        root $dir/www;
        location /private/ { auth_basic charts; auth_basic_user_file $dir/htpasswd; }
        location ~ ^/moved(/.*)\$ { return 302 http://127.0.0.1:$2\$1; }
    }
}
END
exec nginx -p "$dir" -c "$dir/nginx.conf"
