#!/bin/sh
# ssh.sh DIR PORT - an ssh server in the foreground, on which the user who runs it may log in with
# the key DIR/key; DIR/known_hosts knows the server. For git over ssh.
set -eu
dir=$(cd "$1" && pwd)
for name in key host-key; do
    [ -f "$dir/$name" ] || ssh-keygen -q -t ed25519 -N "" -C test -f "$dir/$name"
done
chmod 600 "$dir/key" "$dir/host-key"
cp "$dir/key.pub" "$dir/authorized_keys"
printf '[127.0.0.1]:%s %s\n' "$2" "$(cat "$dir/host-key.pub")" >"$dir/known_hosts"
cat >"$dir/sshd_config" <<END
ListenAddress 127.0.0.1:$2
HostKey $dir/host-key
AuthorizedKeysFile $dir/authorized_keys
PidFile $dir/sshd.pid
UsePAM no
StrictModes no
PasswordAuthentication no
MaxStartups 100
END
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
exec "$(command -v sshd || echo /usr/sbin/sshd)" -D -e -f "$dir/sshd_config"
