# nginx.sh - what the scripts with nginx have in common. nginx_folder DIR: a certificate, which
# DIR/ca.pem has signed, and the user "tester" with the password "tester-password". nginx_config DIR
# PORT TLS_PORT, with what is special to a server on stdin: DIR/nginx.conf. A log format "asked" has
# method, path, status and Authorization.
nginx_folder() {
    if [ ! -f "$1/ca.pem" ]; then
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test \
            -addext "subjectAltName=IP:127.0.0.1,DNS:localhost" \
            -keyout "$1/key.pem" -out "$1/ca.pem" 2>/dev/null
    fi
    printf 'tester:%s\n' "$(openssl passwd -apr1 tester-password)" >"$1/htpasswd"
}

nginx_config() {
    cat >"$1/nginx.conf" <<END
$([ "$(id -u)" != 0 ] || echo "user root;")
worker_processes 1; daemon off; pid $1/nginx.pid; error_log $1/nginx.err;
events { worker_connections 256; }
http {
    log_format asked '\$request_method \$request_uri \$status "\$http_authorization"';
    client_body_temp_path $1/t1; proxy_temp_path $1/t2; fastcgi_temp_path $1/t3;
    uwsgi_temp_path $1/t4; scgi_temp_path $1/t5; client_max_body_size 0;
    server {
        listen 127.0.0.1:$2; listen 127.0.0.1:$3 ssl http2;
        ssl_certificate $1/ca.pem; ssl_certificate_key $1/key.pem;
$(cat)
    }
}
END
}
