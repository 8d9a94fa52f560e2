#!/bin/sh
# git-http.sh DIR PORT TLS_PORT - git over HTTP in the foreground: nginx with git-http-backend, for
# the repositories in DIR/repos, at http://127.0.0.1:PORT/git/NAME and https://…:TLS_PORT/git/NAME.
# The user is "tester", the password "tester-password". DIR/ca.pem has signed the certificate.
# Its processes are in this one's process group.
set -eu
# shellcheck source=tests/servers/nginx.sh
. "$(dirname "$0")/nginx.sh"
dir=$(cd "$1" && pwd)
mkdir -p "$dir/repos"
nginx_folder "$dir"
nginx_config "$dir" "$2" "$3" <<END
        access_log $dir/access.log;
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
END
rm -f "$dir/fcgi.sock"
fcgiwrap -c 8 -s "unix:$dir/fcgi.sock" &
exec nginx -p "$dir" -c "$dir/nginx.conf"
