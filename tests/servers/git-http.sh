#!/bin/sh
# git-http.sh DIR PORT TLS_PORT - git over HTTP in the foreground: nginx with git-http-backend, for
# the repositories in DIR/repos, at http://127.0.0.1:PORT/git/NAME and https://…:TLS_PORT/git/NAME.
# The user is "tester", the password "tester-password". DIR/ca.pem has signed the certificate.
# Its processes are in this one's process group.
set -eu
dir=$(cd "$1" && pwd)
mkdir -p "$dir/repos"
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
    access_log $dir/access.log; client_max_body_size 0;
    client_body_temp_path $dir/t1; proxy_temp_path $dir/t2; fastcgi_temp_path $dir/t3;
    uwsgi_temp_path $dir/t4; scgi_temp_path $dir/t5;
    server {
        listen 127.0.0.1:$2; listen 127.0.0.1:$3 ssl http2;
        ssl_certificate $dir/ca.pem; ssl_certificate_key $dir/key.pem;
        location ~ ^/git(/.*)\$ {
            auth_basic git; auth_basic_user_file $dir/htpasswd;
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend;
            fastcgi_param GIT_HTTP_EXPORT_ALL 1;
            fastcgi_param GIT_PROJECT_ROOT $dir/repos;
            fastcgi_param PATH_INFO \$1;
            fastcgi_param REMOTE_USER \$remote_user;
            fastcgi_param GIT_PROTOCOL \$http_git_protocol;
            fastcgi_pass unix:$dir/fcgi.sock;
        }
    }
}
END
rm -f "$dir/fcgi.sock"
fcgiwrap -c 8 -s "unix:$dir/fcgi.sock" &
exec nginx -p "$dir" -c "$dir/nginx.conf"
